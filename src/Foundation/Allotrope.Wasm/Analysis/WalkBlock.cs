namespace Allotrope.Wasm;

/// <summary>A block that a <see cref="FunctionWalk"/> is in.</summary>
/// <param name="kind">How it was opened.</param>
/// <param name="start">Where in the module it begins.</param>
/// <param name="loop">The innermost loop around it.</param>
sealed class WalkBlock(Opcode kind, int start, WalkBlock? loop)
{
    List<Comparison>? _backTests;
    List<(int, int, Comparison)>? _gates;

    internal Opcode Kind { get; } = kind;

    internal int Start { get; } = start;

    /// <summary>The innermost loop around it, not itself.</summary>
    internal WalkBlock? Outer { get; } = loop;

    /// <summary>The innermost loop that its code is in.</summary>
    internal WalkBlock? Loop => Kind == Opcode.Loop ? this : Outer;

    /// <summary>Number of the stretch of code that is only entered from its top; an else begins another.</summary>
    internal int Arm { get; set; }

    /// <summary>Instructions so far, those of inner blocks as often as they may run.</summary>
    internal Ceiling Steps { get; set; }

    internal Ceiling Pages { get; set; }

    /// <summary>Of an if with an else, what its first arm came to.</summary>
    internal (Ceiling Steps, Ceiling Pages) FirstArm { get; set; }

    /// <summary>Of an if, what it asks.</summary>
    internal Comparison? Condition { get; set; }

    /// <summary>Where the first and the last branch back to the beginning of this loop are; 0 when there is none.</summary>
    internal (int First, int Last) BackEdges { get; private set; }

    /// <summary>Whether some branch back depends on nothing that is understood.</summary>
    internal bool GoesBackBlindly { get; private set; }

    /// <summary>What holds when the loop's branches back are taken.</summary>
    internal IReadOnlyList<Comparison> BackTests => _backTests ?? (IReadOnlyList<Comparison>)[];

    /// <summary>What holds behind a place in this loop, or else it was left; with the arm for which it says so.</summary>
    internal IReadOnlyList<(int Position, int Arm, Comparison GoOn)> Gates => _gates ?? (IReadOnlyList<(int, int, Comparison)>)[];

    internal void AddGate(int position, int arm, Comparison goOn) => (_gates ??= []).Add((position, arm, goOn));

    internal void GoesBack(int at, Comparison? goOn)
    {
        BackEdges = (BackEdges.First == 0 ? at : BackEdges.First, at);
        if (goOn is null)
            GoesBackBlindly = true;
        else
            (_backTests ??= []).Add(goOn);
    }
}
