namespace Allotrope.Wasm;

/// <summary>The ways to call functions of a signature with values, each made when it is needed first. One object, as most signatures need none.</summary>
sealed class UntypedEntries(FunctionType type)
{
    internal Invoker Invoke => field ??= EntryStubs.CreateInvoker(type);

    /// <summary>The same, for a call that may be suspended.</summary>
    internal AwaitedInvoker InvokeAwaited => field ??= AwaitedEntry.CreateInvoker(type);

    /// <summary>Gives what such a call gave in the end.</summary>
    internal AwaitedResults TakeResults => field ??= AwaitedEntry.CreateResults(type);
}
