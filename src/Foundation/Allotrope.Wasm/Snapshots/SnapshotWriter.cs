namespace Allotrope.Wasm;

/// <summary>Writes all that an instance is, apart from its module and what it imports functions for.</summary>
sealed class SnapshotWriter(Instance instance, IHostObjectCodec? codec)
{
    readonly ModuleImage _image = instance.Module.Image;
    readonly ReferenceWriter _references = new(instance, codec);
    readonly StateWriter _roots = new();

    /// <exception cref="SnapshotException">The instance holds something that cannot be captured.</exception>
    internal void Write(StateWriter to)
    {
        WriteGlobals();
        WriteTables();
        WriteSegments();
        // References among the roots name objects, so the objects come first.
        _references.WriteObjects(to);
        to.Raw(_roots.Written.Span);
        WriteMemories(to);
        to.Bits(instance.Store.Fuel);
    }

    void WriteGlobals()
    {
        for (var i = 0; i < _image.Globals.Count; i++)
        {
            var global = instance.Globals[i]!;
            if (_image.IsCell(i))
                _roots.Bits(ReferenceWriter.Narrow(global.Type.Kind, instance.Cells[i]));
            else if (!IsGiven(i, global))
                _references.WriteValue(_roots, global.Value, "global", i);
        }
    }

    /// <summary>A constant that the host gives again: numbers are compared when it is restored, references are what they are then.</summary>
    bool IsGiven(int index, Global global) => index < _image.ImportedGlobals && global is { IsMutable: false, Type.IsReference: true };

    void WriteTables()
    {
        foreach (var (index, table) in instance.Tables.Index())
        {
            _roots.Number(table.Count);
            for (var i = 0; i < table.Count;)
            {
                var same = 1;
                while (i + same < table.Count && ReferenceEquals(table.Elements[i], table.Elements[i + same]))
                    same++;
                _roots.Number(same);
                _references.Write(_roots, table.Elements[i], $"table {index}, element", i);
                i += same;
            }
        }
    }

    void WriteSegments()
    {
        foreach (var (index, bytes) in instance.DataSegments.Index())
            _roots.Byte(bytes.IsEmpty && !_image.DataSegments[index].Bytes.IsEmpty ? (byte)1 : (byte)0);
        foreach (var (index, segment) in instance.ElementSegments.Index())
        {
            _roots.Number(segment.Length);
            foreach (var element in segment)
                _references.Write(_roots, element, "segment", index);
        }
    }

    void WriteMemories(StateWriter to)
    {
        var initial = InitialImage.Of(instance.Module);
        foreach (var (index, memory) in instance.Memories.Index())
        {
            if (memory.Limits.IsShared)
                throw new SnapshotException($"memory {index} is shared with other threads, which may write to it at any time");
            to.Number(memory.PageCount);
            var last = 0UL;
            for (var piece = 0UL; piece < memory.ByteLength / InitialImage.PieceBytes; piece++)
                MemoryChanges.Write(to, PieceOf(memory, piece), initial.Piece(index, piece), piece * InitialImage.PieceBytes, ref last);
            MemoryChanges.WriteEnd(to);
        }
    }

    internal static unsafe Span<byte> PieceOf(Memory memory, ulong piece) =>
        new((byte*)memory.Base + (piece * InitialImage.PieceBytes), InitialImage.PieceBytes);
}
