namespace Allotrope.Wasm;

/// <summary>The names of files and directories in a header of <c>.debug_line</c>. They are gone through anew for each question.</summary>
readonly record struct LineFiles(DwarfStrings Strings, int Version, bool Wide)
{
    const ulong Path = 1;
    const ulong Directory = 2;

    /// <param name="cursor">At the directories.</param>
    /// <param name="file">Its number; they count from 0 in version 5 and from 1 before.</param>
    internal string? Find(ref DwarfCursor cursor, ulong file)
    {
        var directories = cursor;
        var (name, directory) = Version == 5 ? FindLate(ref cursor, file) : FindEarly(ref cursor, file);
        // The first directory is where the compiler ran: what is in it goes by its short name.
        if (name is null || directory == 0 || name.StartsWith('/'))
            return name;
        var folder = Version == 5 ? Entry(ref directories, directory).Name : EarlyDirectory(ref directories, directory);
        return folder is null or "" ? name : $"{folder.TrimEnd('/')}/{name}";
    }

    (string? Name, ulong Directory) FindLate(ref DwarfCursor cursor, ulong file)
    {
        Entry(ref cursor, ulong.MaxValue);
        return Entry(ref cursor, file);
    }

    /// <summary>Reads a table of version 5, whose entries' form is told before them, up to one of them or to its end.</summary>
    (string? Name, ulong Directory) Entry(ref DwarfCursor cursor, ulong wanted)
    {
        Span<(ulong Content, ulong Form)> forms = stackalloc (ulong, ulong)[byte.MaxValue];
        forms = forms[..cursor.Byte()];
        foreach (ref var form in forms)
            form = (cursor.Unsigned(), cursor.Unsigned());
        var count = forms.IsEmpty ? 0 : cursor.Unsigned();
        for (var i = 0UL; i < count; i++)
        {
            string? name = null;
            var directory = 0UL;
            foreach (var (content, form) in forms)
            {
                var text = Strings.Read(ref cursor, form, Wide, isWanted: i == wanted, out var number);
                if (content == Path)
                    name = text;
                else if (content == Directory)
                    directory = number;
            }

            if (i == wanted)
                return (name, directory);
        }

        return default;
    }

    static (string? Name, ulong Directory) FindEarly(ref DwarfCursor cursor, ulong file)
    {
        EarlyDirectory(ref cursor, ulong.MaxValue);
        for (var i = 1UL; ; i++)
        {
            var name = cursor.Text();
            if (name.IsEmpty)
                return default;
            var directory = cursor.Unsigned();
            cursor.Unsigned();
            cursor.Unsigned();
            if (i == file)
                return (DwarfCursor.Readable(name), directory);
        }
    }

    /// <summary>Reads the directories before version 5 up to one of them or to their end.</summary>
    static string? EarlyDirectory(ref DwarfCursor cursor, ulong wanted)
    {
        for (var i = 1UL; ; i++)
        {
            var name = cursor.Text();
            if (name.IsEmpty)
                return null;
            if (i == wanted)
                return DwarfCursor.Readable(name);
        }
    }
}
