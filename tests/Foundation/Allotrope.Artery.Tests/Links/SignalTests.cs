namespace Allotrope.Artery.Tests;

public sealed class SignalTests
{
    [Fact]
    public async Task A_signal_raised_before_the_wait_lets_it_pass_once()
    {
        var signal = new Signal();
        signal.Raise();
        signal.Raise();
        await signal.WaitAsync();
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task No_raise_is_lost_between_two_threads()
    {
        const int Rounds = 20_000;
        var (there, back) = (new Signal(), new Signal());
        var echo = EchoAsync();
        for (var i = 0; i < Rounds; i++)
        {
            there.Raise();
            await back.WaitAsync();
        }

        await echo.WaitAsync(TimeSpan.FromSeconds(20));

        async Task EchoAsync()
        {
            for (var i = 0; i < Rounds; i++)
            {
                await there.WaitAsync();
                back.Raise();
            }
        }
    }
}
