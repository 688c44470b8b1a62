namespace Allotrope.Wasm;

/// <summary>Puts what <see cref="SnapshotWriter"/> wrote into an instance that was linked and not filled.</summary>
sealed class SnapshotReader(StateReader from, Instance instance, IHostObjectCodec? codec)
{
    readonly ModuleImage _image = instance.Module.Image;
    readonly ReferenceReader _references = new(instance, codec);

    /// <exception cref="DamagedStateException">It is not what the writer writes.</exception>
    /// <exception cref="SnapshotException">It does not fit the store's limits or what was imported.</exception>
    internal void Read()
    {
        _references.ReadObjects(from);
        ReadGlobals();
        foreach (var (index, table) in instance.Tables.Index())
            ReadTable(index, table);
        ReadSegments();
        foreach (var (index, memory) in instance.Memories.Index())
            ReadMemory(index, memory);
        instance.Store.Fuel = from.Bits();
        from.End();
    }

    void ReadGlobals()
    {
        for (var i = 0; i < _image.Globals.Count; i++)
        {
            var global = instance.Globals[i]!;
            var isGiven = i < _image.ImportedGlobals && !global.IsMutable;
            if (isGiven && global.Type.IsReference)
                continue;
            var value = _references.ReadValue(from, _image.Globals[i].Type);
            if (!isGiven)
                global.Restore(value);
            else if (global.Value != value)
                throw new SnapshotException($"the imported global {i} was {value} when the snapshot was made and is {global.Value} now");
            if (_image.IsCell(i))
                instance.Cells[i] = value.Bits;
        }
    }

    void ReadTable(int index, Table table)
    {
        var count = from.Number();
        // A run stands for any number of elements, so it is the store that bounds them.
        if (count > Math.Min(instance.Store.Limits.TableElements, Table.MostElements))
            throw new SnapshotException($"table {index} has {count} elements, more than the store's limit of {instance.Store.Limits.TableElements}");
        var elements = new object?[count];
        for (var filled = 0UL; filled < count;)
        {
            var same = from.Number();
            if (same == 0 || same > count - filled)
                throw from.Wrong($"{same} elements follow {filled} of {count} in table {index}");
            Array.Fill(elements, _references.Read(from, table.Element), (int)filled, (int)same);
            filled += same;
        }

        if (!table.TryReplace(elements))
        {
            throw new SnapshotException(
                $"table {index} has {count} elements: the table it is restored to has {table.Count} and {table.Limits}, or the store allows no more");
        }
    }

    void ReadSegments()
    {
        instance.DataSegments = [.. _image.DataSegments.Select(segment => segment.Bytes)];
        for (var i = 0; i < instance.DataSegments.Length; i++)
        {
            if (from.Flag())
                instance.DataSegments[i] = default;
        }

        instance.ElementSegments = new object?[_image.ElementSegments.Count][];
        for (var i = 0; i < instance.ElementSegments.Length; i++)
        {
            var count = from.Count("elements of a segment");
            if (count > 0 && (count != _image.ElementSegments[i].Items.Length || !instance.Store.TryTakeElements((ulong)count)))
                throw new SnapshotException($"segment {i} of {count} elements is not the module's, or more than the store's limit leaves");
            var elements = instance.ElementSegments[i] = new object?[count];
            for (var element = 0; element < count; element++)
                elements[element] = _references.Read(from, _image.ElementSegments[i].Type);
        }
    }

    /// <summary>What the memory holds now may be anything: the host's, zeros, or the module's own bytes.</summary>
    void ReadMemory(int index, Memory memory)
    {
        var pages = from.Number();
        if (pages < memory.PageCount || !memory.TryGrow(pages - memory.PageCount))
        {
            throw new SnapshotException(
                $"memory {index} has {pages} pages: the memory it is restored to has {memory.PageCount} and {memory.Limits}, or the store allows no more");
        }

        var initial = InitialImage.Of(instance.Module);
        for (var piece = 0UL; piece < memory.ByteLength / InitialImage.PieceBytes; piece++)
        {
            var now = SnapshotWriter.PieceOf(memory, piece);
            var first = initial.Piece(index, piece);
            if (!now.SequenceEqual(first))
                first.CopyTo(now);
        }

        MemoryChanges.Apply(from, memory);
    }
}
