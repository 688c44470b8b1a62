namespace Allotrope.Actors.Tests;

public sealed class PatientWaitTests
{
    [Fact]
    public void A_run_has_as_much_time_after_a_patient_wait_as_before_and_no_more()
    {
        var time = new ManualTime();
        using var monitor = new GuestMonitor(time);
        var run = new GuestRun(monitor, () => { });
        run.Begin(monitor.After(TimeSpan.FromSeconds(10)), CancellationToken.None);

        for (var left = 10; left > 0; left--)
        {
            run.BeginPatientWait();
            time.Advance(TimeSpan.FromHours(1));
            run.EndWait();
            Assert.Equal(TimeSpan.FromSeconds(left), monitor.Until(run.Deadline));
            time.Advance(TimeSpan.FromSeconds(1)); // the guest's own
        }

        Assert.Equal(TimeSpan.Zero, monitor.Until(run.Deadline));
        run.End();
    }
}
