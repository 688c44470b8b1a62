namespace Allotrope.Wasm;

/// <summary>The assignments to one local that a <see cref="FunctionWalk"/> has come by: only the last two matter.</summary>
/// <param name="first">What the local holds when the function begins.</param>
sealed class Assignments(Assignment first)
{
    internal Assignment? Last { get; private set; }

    internal Assignment BeforeLast { get; private set; } = first;

    /// <summary>The one that code behind it reads, if it is always passed on the way.</summary>
    internal Assignment Latest => Last ?? BeforeLast;

    internal void Add(in Assignment assignment)
    {
        BeforeLast = Latest;
        Last = assignment;
    }
}

/// <summary>A place where a local gets a value.</summary>
/// <param name="Position">Where in the module; 0 for the value it begins with.</param>
/// <param name="Value">What it gets.</param>
/// <param name="Step">What is added to the value that it had; 0 when it is something else.</param>
/// <param name="Arm">The arm it is in.</param>
/// <param name="Loop">The innermost loop it is in.</param>
readonly record struct Assignment(int Position, Known Value, long Step, int Arm, WalkBlock? Loop);
