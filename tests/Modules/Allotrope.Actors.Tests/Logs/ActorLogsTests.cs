using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors.Tests.Logs;

public sealed class ActorLogsTests
{
    [Theory]
    [InlineData(10, 10)]
    [InlineData(100_000, 4096)]
    public async Task What_others_say_of_a_workload_is_kept_with_its_own_lines(int said, int kept)
    {
        await using var lattice = new InProcessLattice(TimeProvider.System);
        await using var logs = await ActorLogs.StartAsync(lattice, TimeProvider.System, TestContext.Current.CancellationToken);
        logs.Of("shop-page").Write("info", "hello");
        await lattice.PublishAsync(
            new Message(Subjects.LogsWrite, Payload.Of(new LogLine(DateTimeOffset.UnixEpoch, "shop-page", "error", new string('x', said)), ContractsJson.Default.LogLine)),
            TestContext.Current.CancellationToken);
        var answer = await lattice.RequestAsync(
            new Message(Subjects.LogsRead, Payload.Of(new LogQuery("shop-page", 10), ContractsJson.Default.LogQuery)), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["hello", new string('x', kept)], answer.Payload.As(ContractsJson.Default.LogPage).Lines.Select(line => line.Text));
    }
}
