namespace Allotrope.Wasm;

/// <summary>
/// Sees what the host may write to while it has the turn. A host gets at the bytes of a memory through spans alone: what is lent is copied,
/// and compared when the turn ends. So a host pays for what it looks at, and nothing that it writes is missed.
/// </summary>
sealed class HostWatch
{
    readonly Stack<HostTurn> _turns = [];

    /// <summary>Whether the host has the turn; otherwise a guest assigns, which it will do again when it is replayed.</summary>
    internal bool IsHost { get; private set; }

    internal HostTurn Turn => _turns.Peek();

    /// <summary>Host calls that are not over; the one who began the recording is the first.</summary>
    internal int Depth => _turns.Count;

    /// <summary>The host begins.</summary>
    internal void Push(HostTurn turn)
    {
        _turns.Push(turn);
        IsHost = true;
    }

    /// <summary>The host has answered the guest.</summary>
    internal void Pop()
    {
        _turns.Pop();
        IsHost = false;
    }

    /// <summary>The host calls a guest.</summary>
    internal void Pause() => IsHost = false;

    /// <summary>The guest has answered the host.</summary>
    internal void Resume()
    {
        IsHost = true;
        Turn.Refresh();
    }

    internal void Lend(Memory memory, ulong address, int length)
    {
        if (IsHost && length > 0)
            Turn.Lend(memory, address, length);
    }

    internal void Assigned(Table table, ulong index)
    {
        if (IsHost)
            Turn.Assigned(table, index);
    }
}
