namespace Allotrope.Wasm;

/// <summary>One unit of <c>.debug_line</c>: a header, and instructions for a machine whose states are the rows of a table of addresses and lines.</summary>
readonly ref struct LineProgram
{
    const uint WideForm = uint.MaxValue;

    readonly ReadOnlySpan<byte> _section;
    readonly ReadOnlySpan<byte> _operands;
    readonly DwarfStrings _strings;
    readonly int _version;
    readonly bool _wide;
    readonly uint _step;
    readonly int _lineBase;
    readonly uint _lineRange;
    readonly int _names;
    readonly int _code;

    LineProgram(ReadOnlySpan<byte> section, int unit, DwarfStrings strings)
    {
        _section = section;
        _strings = strings;
        var cursor = new DwarfCursor(section, unit, section.Length);
        ulong length = cursor.U32();
        _wide = length == WideForm;
        if (_wide)
            length = cursor.U64();
        var start = cursor.Position;
        cursor.Bytes(length);
        End = cursor.Position;
        cursor = new DwarfCursor(section, start, End);
        _version = cursor.U16();
        if (_version is < 2 or > 5)
            throw new InvalidDataException($"version {_version} is not known");
        if (_version == 5)
            cursor.Bytes(2); // sizes of addresses and segments
        var header = cursor.Offset(_wide);
        var behind = cursor.Position;
        cursor.Bytes(header);
        _code = cursor.Position;
        cursor = new DwarfCursor(section, behind, _code);
        _step = cursor.Byte();
        cursor.Bytes(_version >= 4 ? 2UL : 1); // operations an instruction has, whether rows begin statements
        _lineBase = (sbyte)cursor.Byte();
        _lineRange = cursor.Byte();
        var firstSpecial = cursor.Byte();
        if (_lineRange == 0 || firstSpecial == 0)
            throw new InvalidDataException("the header makes no sense");
        _operands = cursor.Bytes((ulong)firstSpecial - 1);
        _names = cursor.Position;
    }

    /// <summary>Where the next unit begins.</summary>
    internal int End { get; }

    internal static LineProgram Read(ReadOnlySpan<byte> section, int unit, DwarfStrings strings) => new(section, unit, strings);

    /// <summary>Where the instructions of each stretch of code begin, and the addresses it goes from and to.</summary>
    internal List<(int Start, uint Low, uint High)> Sequences()
    {
        var found = new List<(int, uint, uint)>();
        var cursor = new DwarfCursor(_section, _code, End);
        var (row, start) = (Row.First, _code);
        uint? low = null;
        while (!cursor.AtEnd)
        {
            if (!Step(ref cursor, ref row))
                continue;
            low ??= row.Address;
            if (!row.EndsSequence)
                continue;
            // Code that the linker left out stands at address 0 or at the very end.
            if (low is > 0 and var from && row.Address > from)
                found.Add((start, from, row.Address));
            (row, start, low) = (Row.First, cursor.Position, null);
        }

        return found;
    }

    /// <summary>The line of an address within the stretch whose instructions begin at <paramref name="start"/>.</summary>
    internal SourceLine? Find(int start, uint address)
    {
        var cursor = new DwarfCursor(_section, start, End);
        var (row, last) = (Row.First, (Row?)null);
        while (!cursor.AtEnd)
        {
            if (!Step(ref cursor, ref row))
                continue;
            if (row.Address > address)
                break;
            last = row;
            if (row.EndsSequence)
                break;
        }

        return last is { EndsSequence: false, Line: > 0 } found && NameOf(found.File) is { } name
            ? new SourceLine(name, (int)Math.Min(found.Line, int.MaxValue), (int)Math.Min(found.Column, int.MaxValue))
            : null;
    }

    /// <summary>Executes an instruction.</summary>
    /// <returns>Whether the state is a row of the table now.</returns>
    bool Step(ref DwarfCursor cursor, ref Row row)
    {
        uint opcode = cursor.Byte();
        if (opcode > _operands.Length)
        {
            var special = opcode - (uint)_operands.Length - 1;
            row.Address += special / _lineRange * _step;
            row.Line += _lineBase + (special % _lineRange);
            return true;
        }

        switch (opcode)
        {
            case 0: return Extended(ref cursor, ref row);
            case 1: return true;
            case 2: row.Address += (uint)cursor.Unsigned() * _step; break;
            case 3: row.Line += cursor.Signed(); break;
            case 4: row.File = cursor.Unsigned(); break;
            case 5: row.Column = cursor.Unsigned(); break;
            case 6 or 7 or 10 or 11: break;
            case 8: row.Address += (255 - (uint)_operands.Length - 1) / _lineRange * _step; break;
            case 9: row.Address += (uint)cursor.U16(); break;
            default:
                for (var operands = _operands[(int)opcode - 1]; operands > 0; operands--)
                    cursor.Unsigned();
                break;
        }

        return false;
    }

    static bool Extended(ref DwarfCursor cursor, ref Row row)
    {
        var length = cursor.Unsigned();
        if (length == 0)
            return false;
        var code = cursor.Byte();
        var operand = cursor.Bytes(length - 1);
        switch (code)
        {
            case 1:
                row.EndsSequence = true;
                return true;
            case 2:
                row.Address = new DwarfCursor(operand, 0, operand.Length).U32(); // no code is further away
                break;
        }

        return false;
    }

    string? NameOf(ulong file)
    {
        var cursor = new DwarfCursor(_section, _names, _code);
        return new LineFiles(_strings, _version, _wide).Find(ref cursor, file);
    }

    /// <summary>The state of the machine.</summary>
    struct Row
    {
        internal uint Address;
        internal long Line;
        internal ulong File;
        internal ulong Column;
        internal bool EndsSequence;

        internal static Row First => new() { Line = 1, File = 1 };
    }
}
