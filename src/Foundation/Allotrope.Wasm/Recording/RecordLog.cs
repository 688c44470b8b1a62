namespace Allotrope.Wasm;

/// <summary>Writes what happens to a log that is bounded.</summary>
sealed class RecordLog(Crossings crossings, long mostBytes)
{
    readonly StateWriter _to = new();

    internal ReadOnlyMemory<byte> Written => _to.Written;

    internal void Enter(int function, FunctionType type, ReadOnlySpan<Value> arguments)
    {
        Begin(RecordEvent.Enter);
        _to.Number(function);
        Values(type.Parameters.AsSpan(), arguments, isHosts: true);
    }

    internal void Import(int import, FunctionType type, ReadOnlySpan<Value> arguments)
    {
        Begin(RecordEvent.Import);
        _to.Number(import);
        Values(type.Parameters.AsSpan(), arguments, isHosts: false);
    }

    /// <summary>A function of the instance has returned to its host.</summary>
    internal void Exit(FunctionType type, ReadOnlySpan<Value> results, long fuel)
    {
        Begin(RecordEvent.Exit);
        Returned(type, results, isHosts: false);
        _to.Bits(fuel);
    }

    internal void Exit(Exception thrown, long fuel)
    {
        Begin(RecordEvent.Exit);
        Thrown(thrown, isHosts: false);
        _to.Bits(fuel);
    }

    /// <summary>The host answers its guest.</summary>
    internal void Answer(FunctionType type, ReadOnlySpan<Value> results)
    {
        Begin(RecordEvent.Answer);
        Returned(type, results, isHosts: true);
    }

    internal void Answer(Exception thrown, Exception? lastThrown)
    {
        Begin(RecordEvent.Answer);
        if (ReferenceEquals(thrown, lastThrown))
            _to.Byte((byte)RecordedOutcome.PassedOn);
        else
            Thrown(thrown, isHosts: true);
    }

    internal void Memory(int index, uint pages, ulong address, ReadOnlySpan<byte> now, ReadOnlySpan<byte> before)
    {
        Begin(RecordEvent.Memory);
        _to.Number(index);
        _to.Number((ulong)pages);
        var last = 0UL;
        MemoryChanges.Write(_to, now, before, address, ref last);
        MemoryChanges.WriteEnd(_to);
    }

    internal void Global(int index, in Value value)
    {
        Begin(RecordEvent.Global);
        _to.Number(index);
        crossings.Write(_to, value, isHosts: true);
    }

    internal void Table(int index, Table table, ReadOnlySpan<ulong> places)
    {
        Begin(RecordEvent.Table);
        _to.Number(index);
        _to.Number(table.Count);
        _to.Number(places.Length);
        foreach (var place in places)
        {
            _to.Number(place);
            crossings.Write(_to, table.Elements[place], isHosts: true);
        }
    }

    internal void Fuel(long fuel)
    {
        Begin(RecordEvent.Fuel);
        _to.Bits(fuel);
    }

    internal void End() => Begin(RecordEvent.End);

    void Begin(RecordEvent next)
    {
        if (_to.Length > mostBytes)
            throw new RecordException($"the log of the call is longer than the {mostBytes} bytes it may have");
        _to.Byte((byte)next);
    }

    void Returned(FunctionType type, ReadOnlySpan<Value> results, bool isHosts)
    {
        _to.Byte((byte)RecordedOutcome.Returned);
        Values(type.Results.AsSpan(), results, isHosts);
    }

    void Thrown(Exception thrown, bool isHosts)
    {
        switch (thrown)
        {
            case Trap trap:
                _to.Byte((byte)RecordedOutcome.Trapped);
                _to.Byte((byte)trap.Kind);
                // Where the guest was is the guest's; a trap that the host throws has no place yet.
                // Read afresh, as it grows on its way out; what the host asks the trap for is not touched.
                var stack = isHosts ? [] : TrapStack.Of(trap, trap.InnerException);
                _to.Number(stack.Count);
                foreach (var frame in stack)
                    _to.Number(frame.FunctionIndex);
                break;
            case GuestException exception:
                _to.Byte((byte)RecordedOutcome.Threw);
                _to.Number(crossings.TagOf(exception.Tag));
                for (var i = 0; i < exception.Values.Length; i++)
                    crossings.Write(_to, exception.Values[i], isHosts);
                break;
            default:
                _to.Byte((byte)RecordedOutcome.Failed);
                _to.Text(HostException.NameOf(thrown));
                _to.Text(thrown.Message);
                break;
        }
    }

    void Values(ReadOnlySpan<WasmType> types, ReadOnlySpan<Value> values, bool isHosts)
    {
        for (var i = 0; i < types.Length; i++)
            crossings.Write(_to, values[i], isHosts);
    }
}
