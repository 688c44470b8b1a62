namespace Allotrope.Wasm;

/// <summary>
/// Where a function pays for its instructions, and how much: the same in every tier and memory mode, as it is made from the function's bytes alone.
/// </summary>
/// <remarks>
/// Every instruction costs one, but those that only delimit code (<c>block</c>, <c>loop</c>, <c>try_table</c>, <c>else</c>, <c>end</c>); a call pays
/// for the beginning of what it calls too. A stretch is code that nothing branches into or out of but at its ends. It is paid for where it begins, or
/// together with an earlier one that every way to it has passed since the innermost loop's head: always if what passes that one comes to it, and
/// otherwise as long as that comes to at most <see cref="MostAhead"/> instructions. So nothing runs unpaid, and what is paid for and not run is bounded.
/// </remarks>
sealed class FuelPlan
{
    /// <summary>Instructions that one stretch pays for though they may not be run: more would make paying rarer, and less exact.</summary>
    internal const int MostAhead = 32;

    /// <summary>Instructions of a function that whoever calls it has paid for: small ones need not pay.</summary>
    internal const int PaidByCaller = 8;

    readonly Dictionary<int, int> _prices;
    readonly HashSet<int> _quietLoops;

    /// <param name="code">Where the function begins.</param>
    /// <param name="payers">The stretches that pay.</param>
    /// <param name="quietLoops">Loops that nothing else pays in.</param>
    internal FuelPlan(int code, IEnumerable<FuelStretch> payers, HashSet<int> quietLoops)
    {
        _prices = payers.ToDictionary(stretch => stretch.Start, stretch => stretch.Price);
        _prices[code] -= Math.Min(_prices[code], PaidByCaller);
        _quietLoops = quietLoops;
    }

    internal static FuelPlan Of(ModuleImage image, FunctionBody body) => new FuelPlanner(image, body).Plan();

    /// <summary>What is paid before the instruction there; of the first one in a loop, in each iteration.</summary>
    internal int PriceAt(int byteOffset) => _prices.GetValueOrDefault(byteOffset);

    /// <summary>Whether nothing is ever paid.</summary>
    internal bool IsEmpty => _prices.Values.All(price => price == 0);

    /// <summary>Whether nothing but this loop's own code pays, or is given more, while it runs.</summary>
    internal bool IsQuiet(int loop) => _quietLoops.Contains(loop);

    internal static int PriceOf(Opcode opcode) => opcode switch
    {
        Opcode.Block or Opcode.Loop or Opcode.TryTable or Opcode.Else or Opcode.End => 0,
        (>= Opcode.Call and <= Opcode.ReturnCallIndirect) or Opcode.CallRef or Opcode.ReturnCallRef => 1 + PaidByCaller,
        _ => 1,
    };

    /// <summary>Whether it pays by size, calls what may, or lets the host give more meanwhile.</summary>
    internal static bool MayPay(Opcode opcode) => opcode
        is Opcode.Call or Opcode.CallIndirect or Opcode.CallRef or Opcode.MemoryGrow or (>= Opcode.MemoryInit and <= Opcode.TableFill)
        or (>= Opcode.ArrayNew and <= Opcode.ArrayNewElem) or (>= Opcode.ArrayFill and <= Opcode.ArrayInitElem)
        or AtomicSignatures.Wait32 or AtomicSignatures.Wait64;
}
