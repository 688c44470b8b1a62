namespace Allotrope.Actors.Tests;

public sealed class TimeBudgetTests : IDisposable
{
    readonly ManualTime _time = new();
    readonly GuestMonitor _monitor;
    readonly TimeBudget _budget;

    public TimeBudgetTests()
    {
        _monitor = new GuestMonitor(_time);
        _budget = new TimeBudget(_monitor, _monitor.After(TimeSpan.FromSeconds(10)));
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void There_is_as_much_time_after_a_wait_as_before_and_no_more()
    {
        for (var left = 10; left > 0; left--)
        {
            _budget.StandStill();
            _time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(TimeSpan.FromSeconds(left), _budget.Left);
            _budget.GoOn();
            Assert.Equal(TimeSpan.FromSeconds(left), _monitor.Until(_budget.Deadline));
            _time.Advance(TimeSpan.FromSeconds(1)); // the guest's own
        }

        Assert.Equal(TimeSpan.Zero, _budget.Left);
    }

    [Fact]
    public void One_that_stands_still_is_not_longer_for_being_told_so_again()
    {
        _budget.StandStill();
        _time.Advance(TimeSpan.FromSeconds(1));
        _budget.StandStill();
        _budget.GoOn();
        Assert.Equal(TimeSpan.FromSeconds(10), _budget.Left);
    }

    [Fact]
    public void It_begins_anew_with_progress_also_while_it_stands_still()
    {
        _time.Advance(TimeSpan.FromSeconds(9));
        _budget.Renew(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), _budget.Left);
        _budget.StandStill();
        _budget.Renew(TimeSpan.FromSeconds(7));
        _time.Advance(TimeSpan.FromHours(1));
        _budget.GoOn();
        Assert.Equal(TimeSpan.FromSeconds(7), _budget.Left);
    }

    [Fact]
    public void It_can_be_extended_also_while_it_stands_still()
    {
        _budget.Extend(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(11), _budget.Left);
        _budget.StandStill();
        _budget.Extend(TimeSpan.FromSeconds(1));
        _budget.GoOn();
        Assert.Equal(TimeSpan.FromSeconds(12), _monitor.Until(_budget.Deadline));
    }

    [Fact]
    public void A_run_is_stopped_when_its_budget_is_used_up_and_not_while_that_stands_still()
    {
        var run = new GuestRun(_monitor, () => { });
        run.Begin(_budget, default, CancellationToken.None);
        _budget.StandStill();
        _time.Advance(TimeSpan.FromHours(1));
        run.Inspect(_monitor.Now);
        Assert.Equal(StopReason.None, run.End().Stop);

        _budget.GoOn();
        run.Begin(_budget, default, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(10));
        run.Inspect(_monitor.Now);
        Assert.Equal(StopReason.Time, run.End().Stop);
    }
}
