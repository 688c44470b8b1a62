using System.Text;
using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>Says what a trap means: to the caller in a sentence with the top of the WebAssembly stack, to the log of whom it happened to with all of it.</summary>
static class TrapReport
{
    /// <summary>Frames told to the caller; whoever wants more reads the log.</summary>
    const int FramesTold = 4;

    /// <summary>Frames logged; a runaway recursion has thousands of the same.</summary>
    const int FramesLogged = 64;

    public static Exception Explain(Trap trap, IWorkload guest, GuestRun run, FailedCall call)
    {
        var (what, complaint, record) = call;
        var workload = guest.Assignment.Workload;
        switch (run.End().Stop)
        {
            case StopReason.Cancelled when trap.Kind == TrapKind.Interrupted:
                return new OperationCanceledException(run.Cancellation);
            case StopReason.Time when trap.Kind == TrapKind.Interrupted:
                Log(trap.WasmStack, guest, $"{what} was stopped after {guest.CallTime.TotalMilliseconds:0} ms", record);
                return new FaultException(new Fault.TimedOut(
                    $"{guest.Assignment.Title} did not finish {what} within its {guest.CallTime.TotalMilliseconds:0} ms and was stopped" +
                    $"{At(trap.WasmStack)}; make it faster or raise its time limit."), trap);
            default:
                var why = complaint is null ? trap.Message : $"{complaint} ({trap.Message})";
                Log(trap.WasmStack, guest, $"{what} trapped: {why}", record);
                return new FaultException(new Fault.Failed(
                    $"{guest.Assignment.Title} trapped in {what}: {why}{At(trap.WasmStack)}. The whole stack is in its log: allot logs {workload}."), trap);
        }
    }

    /// <summary>The same for an exception that the guest threw and nobody in it caught.</summary>
    public static Exception Explain(GuestException uncaught, IWorkload guest, FailedCall call)
    {
        var (what, complaint, record) = call;
        var workload = guest.Assignment.Workload;
        var why = complaint ?? "nothing in it caught the exception";
        Log(uncaught.WasmStack, guest, $"{what} threw: {why}", record);
        return new FaultException(new Fault.Failed(
            $"{guest.Assignment.Title} threw in {what}: {why}{At(uncaught.WasmStack)}. The whole stack is in its log: allot logs {workload}."), uncaught);
    }

    /// <summary>The same for a component that broke a rule of the Component Model.</summary>
    public static Exception Explain(ComponentTrap broken, IWorkload guest, FailedCall call)
    {
        var workload = guest.Assignment.Workload;
        Log([], guest, $"{call.What} trapped: {broken.Message}", call.Record);
        return new FaultException(new Fault.Failed($"{guest.Assignment.Title} trapped in {call.What}: {broken.Message}."), broken);
    }

    /// <summary>The same for a component whose time was over while it waited.</summary>
    public static Exception ExplainWait(Exception ended, IWorkload guest, FailedCall call)
    {
        var (workload, milliseconds) = (guest.Assignment.Workload, guest.CallTime.TotalMilliseconds);
        Log([], guest, $"{call.What} was stopped after {milliseconds:0} ms, asleep", call.Record);
        return new FaultException(new Fault.TimedOut(
            $"{guest.Assignment.Title} slept in {call.What} beyond its {milliseconds:0} ms and was stopped; let it sleep less or raise its time limit."), ended);
    }

    static string At(IReadOnlyList<WasmFrame> stack) => stack.Count == 0
        ? ""
        : $", in {string.Join(" ← ", stack.Take(FramesTold).Select(Brief))}";

    static string Brief(WasmFrame frame) => (frame.Name ?? $"function {frame.FunctionIndex}") + (frame.Source is { } line ? $" ({line})" : "");

    static void Log(IReadOnlyList<WasmFrame> stack, IWorkload guest, string headline, string? record)
    {
        if (!guest.Log.Admit())
            return;
        var text = new StringBuilder(headline);
        foreach (var frame in stack.Take(FramesLogged))
            text.Append("\n    at ").Append(frame);
        if (stack.Count > FramesLogged)
            text.Append($"\n    and {stack.Count - FramesLogged} more");
        if (record is not null)
            text.Append($"\n    replay it: allot actor replay {record}");
        guest.Log.Write("error", text.ToString());
    }
}
