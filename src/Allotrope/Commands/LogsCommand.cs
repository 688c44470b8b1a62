using System.CommandLine;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary><c>allot logs [workload]</c>: what workloads have logged, and with <c>--follow</c> what they log.</summary>
static class LogsCommand
{
    const int DefaultLines = 100;

    static readonly Argument<string?> Workload = new("workload")
    {
        Description = "One workload ({blueprint}-{component}); all when not given",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<int> Lines = new("--lines", "-n")
    {
        Description = "How many of the newest lines",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLines,
    };

    static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on with new lines until Ctrl-C" };

    public static Command Create() => new Command("logs", "Show what actors and providers have logged") { Workload, Lines, Follow }.Runs(async (parsed, session) =>
    {
        var workload = parsed.GetValue(Workload);
        // Opened before the past is read, so that no line falls between; a line in both is printed once.
        var newLines = parsed.GetValue(Follow)
            ? session.Node.SubscribeAsync(Subjects.Log(workload ?? ">"), session.Stop).GetAsyncEnumerator(session.Stop)
            : null;
        await using var closing = newLines;
        var next = newLines?.MoveNextAsync().AsTask();

        var page = await session.Node.RequestAsync(
            Subjects.LogsRead, new LogQuery(workload, parsed.GetValue(Lines)), ContractsJson.Default.LogQuery, ContractsJson.Default.LogPage, cancellation: session.Stop);
        if (workload is not null && page.Lines.Count == 0)
            await RequireKnownAsync(workload, session);
        foreach (var line in page.Lines)
            Show(line, session.Output);

        var printed = page.Lines.ToHashSet();
        while (next is not null && await next)
        {
            var line = newLines!.Current.Payload.As(ContractsJson.Default.LogLine);
            if (!printed.Remove(line))
                Show(line, session.Output);
            next = newLines.MoveNextAsync().AsTask();
        }
    });

    /// <summary>Tells a workload that has logged nothing from one that is not there.</summary>
    static async Task RequireKnownAsync(string workload, Session session)
    {
        string[] known = [.. (await session.WorkloadsAsync()).Select(status => status.Workload).Distinct()];
        if (!known.Contains(workload))
            throw new FaultException(new Fault.NotFound(known is []
                ? $"No workload is named {workload}; the node has none yet: `allot apply FILE` applies a blueprint."
                : $"No workload is named {workload}; the node has {string.Join(", ", known)}."));
    }

    internal static void Show(LogLine line, Output output)
    {
        output.Object(line, ContractsJson.Default.LogLine);
        output.Line($"{line.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z {line.Level,-5} {line.Workload} {line.Text}");
    }
}
