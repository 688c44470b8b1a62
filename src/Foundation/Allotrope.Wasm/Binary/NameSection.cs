namespace Allotrope.Wasm;

/// <summary>The custom section that says what functions were called in the source. Anything wrong with it only costs the names.</summary>
static class NameSection
{
    internal const string SectionName = "name";

    const byte ModulePart = 0;
    const byte FunctionPart = 1;
    const byte LocalPart = 2;

    internal static Names Decode(ReadOnlySpan<byte> module, int start, int end)
    {
        string? moduleName = null;
        var functions = new Dictionary<int, string>();
        try
        {
            var cursor = new BinaryCursor(module, start, end);
            while (!cursor.AtEnd)
            {
                var id = cursor.Byte();
                var part = cursor.Part();
                if (id == ModulePart)
                    moduleName = part.Name();
                else if (id == FunctionPart)
                    ReadNames(ref part, functions);
            }
        }
        catch (InvalidModuleException)
        {
            // The specification: errors in a custom section do not make the module invalid. What was read so far stands.
        }

        return new Names(moduleName, functions);
    }

    /// <summary>What the variables of a function were called in the source, as far as the section says it.</summary>
    /// <param name="section">The section's contents.</param>
    /// <param name="function">Index of the function.</param>
    internal static Dictionary<int, string> LocalsOf(ReadOnlySpan<byte> section, int function)
    {
        var locals = new Dictionary<int, string>();
        try
        {
            var cursor = new BinaryCursor(section, 0, section.Length);
            while (!cursor.AtEnd)
            {
                var id = cursor.Byte();
                var part = cursor.Part();
                if (id != LocalPart)
                    continue;
                for (var left = part.Count(); left > 0; left--)
                {
                    if (part.Index() == function)
                        ReadNames(ref part, locals);
                    else
                        ReadNames(ref part, []);
                }
            }
        }
        catch (InvalidModuleException)
        {
            // As above.
        }

        return locals;
    }

    static void ReadNames(ref BinaryCursor part, Dictionary<int, string> functions)
    {
        for (var left = part.Count(); left > 0; left--)
        {
            var index = part.Index();
            functions[index] = part.Name();
        }
    }
}
