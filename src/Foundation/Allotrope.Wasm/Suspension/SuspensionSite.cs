using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>A call in which a function may be suspended.</summary>
/// <param name="Number">Its place among them, in the order of the code.</param>
/// <param name="Region">The protected region it is in.</param>
/// <param name="Kept">What the function needs when it goes on, but for what all sites keep.</param>
/// <param name="Type">What is called.</param>
/// <param name="Result">Where the results are behind the call: a temporary, or the tuple of several.</param>
/// <param name="Leave">Where the function goes to leave the thread.</param>
/// <param name="GoOn">Where it comes back.</param>
/// <param name="Behind">Behind the call.</param>
sealed record SuspensionSite(
    int Number, TryRegion Region, Operand[] Kept, FunctionType Type, (int Slot, LocalBuilder? Tuple) Result, Label Leave, Label GoOn, Label Behind);
