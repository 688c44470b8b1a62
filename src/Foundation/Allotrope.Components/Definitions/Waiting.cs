namespace Allotrope.Components;

/// <summary>What definitions say about whether calls wait for one another.</summary>
static class Waiting
{
    /// <summary>Whether instances of a component with it have tasks and threads: it makes asynchronous calls, takes them, or waits.</summary>
    internal static bool MakesConcurrent(Definition definition) => definition switch
    {
        Definition.Lift lift => lift.Type.IsAsync,
        Definition.Lower lower => lower.Type.IsAsync,
        Definition.BuiltIn { Intrinsic: var intrinsic } => intrinsic is not (<= Intrinsic.ResourceRep or Intrinsic.ContextGet or Intrinsic.ContextSet
            or Intrinsic.BackpressureIncrement or Intrinsic.BackpressureDecrement or >= Intrinsic.ErrorContextNew and <= Intrinsic.ErrorContextDrop),
        _ => false,
    };

    /// <summary>Whether core code may wait within the function that it makes, so that it must be compiled for that.</summary>
    internal static bool LeavesInTheMiddle(Definition definition) => definition switch
    {
        Definition.Lower lower => lower.Type.IsAsync && !lower.Options.IsAsync,
        Definition.BuiltIn { Flag: var flag, Intrinsic: var intrinsic } => intrinsic switch
        {
            Intrinsic.SubtaskCancel or Intrinsic.StreamRead or Intrinsic.StreamWrite or Intrinsic.StreamCancelRead or Intrinsic.StreamCancelWrite
                or Intrinsic.FutureRead or Intrinsic.FutureWrite or Intrinsic.FutureCancelRead or Intrinsic.FutureCancelWrite => !flag,
            Intrinsic.WaitableSetWait or Intrinsic.ThreadYield or (>= Intrinsic.ThreadSuspend and <= Intrinsic.ThreadYieldThenPromote) => true,
            _ => false,
        },
        _ => false,
    };
}
