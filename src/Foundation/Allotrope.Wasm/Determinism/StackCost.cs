namespace Allotrope.Wasm;

/// <summary>
/// What a call takes of the stack in deterministic code: by what the validator counts and not by what the machine needs, of which it is mostly more.
/// </summary>
static class StackCost
{
    /// <summary>For a call from the host back into the guest.</summary>
    internal const int OfReentry = 1024;

    /// <summary>For the return address, saved registers and what the calling convention wants.</summary>
    const int Least = 96;

    /// <summary>Bytes of code for each byte that optimised code keeps on the stack besides its values.</summary>
    const int CodeForOne = 8;

    /// <summary>Larger functions may not be optimised, and then keep more there.</summary>
    const int LargestOptimised = 8 << 10;

    /// <summary>Bytes; zero for a function that calls nothing.</summary>
    internal static int Of(FunctionFacts facts, FunctionBody body)
    {
        if (!facts.HasCall)
            return 0;
        var slot = (facts.UsesVectors ? ValueKind.V128 : ValueKind.I64).SlotBytes;
        var values = facts.Locals.Length + facts.MaxOperands + facts.MaxCarried + (2 * facts.TupleValues);
        var code = body.End - body.Start;
        return Least + (slot * values) + (code <= LargestOptimised ? code / CodeForOne : code);
    }
}
