using System.CommandLine;
using System.CommandLine.Parsing;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary><c>allot call &lt;actor&gt; &lt;operation&gt;</c>: one call to an actor or provider, with its argument and its answer as JSON.</summary>
static class CallCommand
{
    /// <summary>Who the callee sees as its caller.</summary>
    const string Origin = "node";

    /// <summary>An actor has its own, shorter, limit; this one is for the way.</summary>
    static readonly TimeSpan CallTime = TimeSpan.FromSeconds(30);

    static readonly Argument<string> Actor = new("actor") { Description = "The workload, {blueprint}-{component}, or the component's name where only one has it" };
    static readonly Argument<string> Operation = new("operation") { Description = "Service.Method, such as HttpServer.HandleRequest" };

    static readonly Option<string> JsonBody = new("--json-body")
    {
        Description = """The argument as JSON; bytes are {"$text": "..."} or {"$base64": "..."}""",
        HelpName = "JSON",
    };

    static readonly Option<FileInfo> BodyFile = new("--body-file") { Description = "A file with the argument as MessagePack, sent as it is", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("call", "Call an actor") { Actor, Operation, JsonBody, BodyFile };
        command.Validators.Add(result =>
        {
            if (result.GetResult(JsonBody) is OptionResult && result.GetResult(BodyFile) is OptionResult)
                result.AddError("Give the argument by --json-body or by --body-file, not both.");
        });
        return command.Runs(async (parsed, session) =>
        {
            var body = parsed.GetValue(BodyFile) is { } file ? await ActorInspectCommand.ReadAsync(file, session.Stop)
                : parsed.GetValue(JsonBody) is { } json ? MessagePackJson.FromJson(json)
                : ReadOnlyMemory<byte>.Empty;
            var workload = await WorkloadOfAsync(session, parsed.GetRequiredValue(Actor));
            var operation = parsed.GetRequiredValue(Operation);
            var result = await session.Node.RequestAsync(
                Subjects.Invoke(workload), new Invocation(Origin, Contract: "", LinkName: "", operation, body), ContractsJson.Default.Invocation,
                ContractsJson.Default.InvocationResult, CallTime, session.Stop);
            if (result.Error is { } error)
                throw new FaultException(new Fault.Failed($"{workload} answered {operation} with an error: {error}"));
            session.Output.Raw(result.Body.IsEmpty ? "null" : MessagePackJson.ToJson(result.Body.Span));
        });
    }

    /// <summary>The workload that somebody means by its name, or by that of a component that only one has.</summary>
    internal static async Task<string> WorkloadOfAsync(Session session, string actor)
    {
        var workloads = await session.WorkloadsAsync();
        string[] named = [.. workloads.Where(workload => workload.Component == actor).Select(workload => workload.Workload).Distinct()];
        return workloads.Any(workload => workload.Workload == actor) ? actor
            : named switch
            {
                [var one] => one,
                [] => throw new FaultException(new Fault.NotFound($"Nothing named {actor} runs on the node: `allot status` lists the workloads.")),
                _ => throw new FaultException(new Fault.Invalid("actor", $"Several components are named {actor}: say which of {string.Join(", ", named)}.")),
            };
    }
}
