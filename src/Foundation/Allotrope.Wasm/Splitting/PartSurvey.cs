namespace Allotrope.Wasm;

/// <summary>
/// Follows the compilation of a function that is too large for one method and notes which stretches of it could be methods of their own: those as
/// large as possible, but not larger than a share of what is optimised. What is nested in one of them is not noted again.
/// </summary>
sealed class PartSurvey(MethodSize limit)
{
    /// <summary>The largest part, as a share of the limit: a few parts then make a large difference, and each is quickly compiled.</summary>
    const double LargestShare = 0.2;

    /// <summary>The smallest part: a smaller one would hardly be larger than its call.</summary>
    const double SmallestShare = 0.01;

    readonly List<Part> _parts = [];
    readonly List<Sequence> _open = [new(default, 0, 0, IsProtected: false)];

    internal IReadOnlyList<Part> Parts => _parts;

    /// <summary>Most blocks that were open at a time.</summary>
    internal int MostOpen { get; private set; }

    Sequence Current => _open[^1];

    /// <summary>An instruction comes.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="isCut">Whether a part may begin or end before it.</param>
    /// <param name="isReachable">Whether it is ever reached.</param>
    /// <param name="size">What has been emitted so far.</param>
    internal void Visit(in Instruction instruction, bool isCut, bool isReachable, MethodSize size)
    {
        var here = new Cut(instruction.ByteOffset, size);
        switch (instruction.Opcode)
        {
            case Opcode.End:
                EndSequence(here, isCut || !isReachable);
                Leave(size);
                break;
            case Opcode.Else:
                EndSequence(here, isCut || !isReachable);
                Current.Start = null;
                break;
            default:
                if (isCut)
                    Note(here);
                if (instruction.Opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.TryTable)
                    Enter(instruction.Opcode, size);
                break;
        }
    }

    /// <summary>The instruction that comes cannot be in a part that does not contain the whole block of that number; 0 is the function.</summary>
    internal void Forbid(int block)
    {
        for (var i = block + 1; i < _open.Count; i++)
            Close(_open[i], i);
    }

    /// <summary>The instruction that comes cannot be in any part.</summary>
    internal void Forbid() => Forbid(-1);

    void Enter(Opcode kind, MethodSize size)
    {
        _open.Add(new(size, _parts.Count, Current.Loops + (kind == Opcode.Loop ? 1 : 0), Current.IsProtected || kind == Opcode.TryTable));
        MostOpen = Math.Max(MostOpen, _open.Count);
    }

    void Leave(MethodSize size)
    {
        var block = Current;
        _open.RemoveAt(_open.Count - 1);
        if (_open.Count == 0 || Current.Start is null)
            return;
        if ((size - block.Before).ShareOf(limit) > LargestShare)
            Close(Current, _open.Count - 1);
        else
            _parts.RemoveRange(block.FirstPart, _parts.Count - block.FirstPart);
    }

    void Note(Cut here)
    {
        var sequence = Current;
        if (sequence.IsProtected)
            return;
        if (sequence.Start is { } start && (here.Size - start.Size).ShareOf(limit) > LargestShare)
            Close(sequence, _open.Count - 1, thenFrom: sequence.Last);
        sequence.Start ??= here;
        sequence.Last = here;
    }

    void EndSequence(Cut here, bool isCut)
    {
        if (isCut && Current.Start is not null)
            Note(here);
        Close(Current, _open.Count - 1);
    }

    void Close(Sequence sequence, int depth, Cut? thenFrom = null)
    {
        if (sequence is { Start: { } start, Last: var last })
        {
            var size = last.Size - start.Size;
            // A stretch that has no place to be cut may be large; one beyond the limit would be no better off as a method of its own.
            if (size.ShareOf(limit) is >= SmallestShare and <= 1)
                _parts.Add(new Part(start.Position, last.Position, depth + 1, sequence.Loops, size));
        }

        sequence.Start = thenFrom;
    }

    readonly record struct Cut(int Position, MethodSize Size);

    /// <summary>The instructions of an open block, or of one branch of an if.</summary>
    /// <param name="Before">What had been emitted before the block.</param>
    /// <param name="FirstPart">Number of the first part within it.</param>
    /// <param name="Loops">How many loops it is in.</param>
    /// <param name="IsProtected">Whether it is in a block that catches: the handler would not see what a part made of the locals.</param>
    sealed record Sequence(MethodSize Before, int FirstPart, int Loops, bool IsProtected)
    {
        /// <summary>Where the stretch begins that is being collected, if one is.</summary>
        internal Cut? Start { get; set; }

        /// <summary>Where it could end.</summary>
        internal Cut Last { get; set; }
    }
}
