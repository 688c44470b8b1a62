namespace Allotrope.Wasm;

/// <summary>Texts that other sections of DWARF refer to by their offset.</summary>
readonly record struct DwarfStrings(ReadOnlyMemory<byte> OfLines, ReadOnlyMemory<byte> All)
{
    /// <summary>A value in one of the forms that names of files and directories come in; null for one that is no text.</summary>
    /// <exception cref="InvalidDataException">The form is none of those, so that nobody knows where the next value begins.</exception>
    /// <param name="isWanted">False to go past it only.</param>
    internal string? Read(ref DwarfCursor cursor, ulong form, bool wide, bool isWanted, out ulong number)
    {
        number = 0;
        switch (form)
        {
            case 0x08:
                var text = cursor.Text();
                return isWanted ? DwarfCursor.Readable(text) : null;
            case 0x0E or 0x1F:
                var offset = cursor.Offset(wide);
                return isWanted ? At((form == 0x0E ? All : OfLines).Span, offset) : null;
            case 0x0B: number = cursor.Byte(); break;
            case 0x05: number = (ulong)cursor.U16(); break;
            case 0x06: number = cursor.U32(); break;
            case 0x07: number = cursor.U64(); break;
            case 0x0F: number = cursor.Unsigned(); break;
            case 0x1E: cursor.Bytes(16); break;
            case 0x09: cursor.Bytes(cursor.Unsigned()); break;
            default: throw new InvalidDataException($"form {form} is not known");
        }

        return null;
    }

    static string At(ReadOnlySpan<byte> section, ulong offset)
    {
        if (offset >= (ulong)section.Length)
            throw new InvalidDataException("a text is outside its section");
        return DwarfCursor.Readable(new DwarfCursor(section, (int)offset, section.Length).Text());
    }
}
