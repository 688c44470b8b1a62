namespace Allotrope.Wasm;

/// <summary>
/// Reads the sections of a module into a <see cref="ModuleImage"/>. What the code section's functions contain is left to the validator.
/// </summary>
sealed partial class ModuleDecoder
{
    const byte CustomSectionId = 0;
    const byte DataSectionId = 11;
    const byte DataCountSectionId = 12;
    const byte TagSectionId = 13;

    /// <summary>Magic number and version 1.</summary>
    static ReadOnlySpan<byte> Preamble => [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00];

    readonly ModuleImage _image;
    readonly List<int> _functionTypes = [];

    internal ModuleDecoder(ModuleImage image) => _image = image;

    /// <exception cref="InvalidModuleException">The bytes are malformed.</exception>
    internal static ModuleImage Decode(byte[] bytes)
    {
        var decoder = new ModuleDecoder(new ModuleImage(bytes));
        decoder.ReadSections();
        return decoder._image;
    }

    void ReadSections()
    {
        var cursor = new BinaryCursor(_image.Bytes, 0, _image.Bytes.Length);
        ReadPreamble(ref cursor);
        var last = 0;
        while (!cursor.AtEnd)
        {
            var at = cursor.Position;
            var id = cursor.Byte();
            var section = cursor.Part();
            if (id == CustomSectionId)
            {
                ReadCustom(ref section);
                continue;
            }

            var order = Order(id) ?? throw new InvalidModuleException($"malformed section id {id}", at);
            if (order <= last)
                throw new InvalidModuleException($"unexpected content after last section: section {id} is out of order or repeated", at);
            last = order;
            if (id == DataSectionId)
                _image.DataSection = (at, section.End);
            ReadSection(id, ref section);
            if (!section.AtEnd)
                throw new InvalidModuleException($"section size mismatch: {section.Remaining} bytes of section {id} are left over", section.Position);
        }

        if (_image.Bodies.Count != _functionTypes.Count)
            throw new InvalidModuleException("function and code section have inconsistent lengths", cursor.Position);
        if (_image.DataCount is { } count && count != _image.DataSegments.Count)
            throw new InvalidModuleException("data count and data section have inconsistent lengths", cursor.Position);
    }

    static void ReadPreamble(ref BinaryCursor cursor)
    {
        if (cursor.Remaining < 4 || !cursor.Bytes(4).SequenceEqual(Preamble[..4]))
            throw new InvalidModuleException("magic header not detected", 0);
        if (cursor.Remaining < 4 || !cursor.Bytes(4).SequenceEqual(Preamble[4..]))
            throw new InvalidModuleException("unknown binary version", 4);
    }

    /// <summary>Place of a section in a module; tags stand before the globals, the data count before the code that relies on it.</summary>
    static int? Order(byte id) => id switch
    {
        >= 1 and <= 5 => id,
        TagSectionId => 6,
        >= 6 and <= 9 => id + 1,
        DataCountSectionId => 11,
        10 => 12,
        DataSectionId => 13,
        _ => null,
    };

    void ReadSection(byte id, ref BinaryCursor section)
    {
        switch (id)
        {
            case 1: ReadTypes(ref section); break;
            case 2: ReadImports(ref section); break;
            case 3: ReadFunctions(ref section); break;
            case 4: ReadTables(ref section); break;
            case 5: ReadMemories(ref section); break;
            case 6: ReadGlobals(ref section); break;
            case 7: ReadExports(ref section); break;
            case 8: ReadStart(ref section); break;
            case 9: ReadElements(ref section); break;
            case 10: ReadCode(ref section); break;
            case DataSectionId: ReadData(ref section); break;
            case TagSectionId: ReadTags(ref section); break;
            case DataCountSectionId: _image.DataCount = section.Index(); break;
        }
    }

    void ReadStart(ref BinaryCursor section)
    {
        var at = section.Position;
        _image.Start = (Declared(section.Index(), _image.Functions.Count, "function", at), at);
    }

    void ReadCustom(ref BinaryCursor section)
    {
        var name = section.Name();
        var start = section.Position;
        _image.CustomSections.Add(new CustomSection(name, _image.Bytes.AsMemory(start, section.Remaining)));
        if (name == NameSection.SectionName)
            _image.Names = NameSection.Decode(_image.Bytes, start, section.End);
    }

    static int Declared(int index, int count, string sort, int at) =>
        (uint)index < (uint)count ? index : throw new InvalidModuleException($"unknown {sort} {index}", at);
}
