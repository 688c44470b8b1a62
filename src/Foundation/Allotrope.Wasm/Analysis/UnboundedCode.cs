namespace Allotrope.Wasm;

/// <summary>Why no ceiling can be given.</summary>
public enum UnboundedReason
{
    /// <summary>A loop whose number of iterations is not known from the module alone.</summary>
    Loop,

    /// <summary>Functions that may call one another in a circle.</summary>
    Recursion,

    /// <summary>A wait for another thread of the guest.</summary>
    Wait,

    /// <summary>A function from outside, which may call back.</summary>
    CallBack,
}

/// <summary>Code that may run for ever, for all that can be proved.</summary>
/// <param name="Reason">Why.</param>
/// <param name="FunctionIndex">The function it is in, or one of the circle.</param>
/// <param name="Name">Its name, where the module tells it.</param>
/// <param name="ByteOffset">Where in the module: of a loop its first instruction, of a function its code.</param>
public sealed record UnboundedCode(UnboundedReason Reason, int FunctionIndex, string? Name, int ByteOffset)
{
    public override string ToString()
    {
        var function = Name ?? $"function {FunctionIndex}";
        return Reason switch
        {
            UnboundedReason.Loop => $"the loop at byte {ByteOffset} in {function}",
            UnboundedReason.Recursion => $"recursion through {function}",
            UnboundedReason.Wait => $"the wait at byte {ByteOffset} in {function}",
            _ => $"{function}, which may call back",
        };
    }
}
