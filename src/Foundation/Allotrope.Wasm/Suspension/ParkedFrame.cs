namespace Allotrope.Wasm;

/// <summary>A function that is suspended in a call.</summary>
/// <param name="Instance">What it runs for.</param>
/// <param name="Function">Its index.</param>
/// <param name="Site">Which of its calls, in the order of the code.</param>
readonly record struct ParkedFrame(Instance Instance, int Function, int Site)
{
    /// <summary>What one takes beside its values.</summary>
    internal const int Bytes = 16;
}
