namespace Allotrope.Wasm;

/// <summary>The custom section that says what functions were called in the source. Anything wrong with it only costs the names.</summary>
static class NameSection
{
    internal const string SectionName = "name";

    const byte ModulePart = 0;
    const byte FunctionPart = 1;

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
                    ReadFunctions(ref part, functions);
            }
        }
        catch (InvalidModuleException)
        {
            // The specification: errors in a custom section do not make the module invalid. What was read so far stands.
        }

        return new Names(moduleName, functions);
    }

    static void ReadFunctions(ref BinaryCursor part, Dictionary<int, string> functions)
    {
        for (var left = part.Count(); left > 0; left--)
        {
            var index = part.Index();
            functions[index] = part.Name();
        }
    }
}
