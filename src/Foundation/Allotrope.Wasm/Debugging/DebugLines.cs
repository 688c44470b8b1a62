namespace Allotrope.Wasm;

/// <summary>
/// The lines of source that a module's code comes from, as the custom section <c>.debug_line</c> has them (DWARF 2 to 5; addresses count from the beginning
/// of the code section's contents). Anything wrong with it only costs lines. What is kept is where each stretch of code is; its line program is run
/// again for each question.
/// </summary>
sealed class DebugLines
{
    internal const string SectionName = ".debug_line";

    /// <summary>Stretches of code that are kept; compilers make one for each function at most.</summary>
    const int MostSequences = 200_000;

    readonly List<Sequence> _sequences = [];
    readonly ReadOnlyMemory<byte> _section;
    readonly DwarfStrings _strings;

    internal DebugLines(ModuleImage image)
    {
        _section = Section(image, SectionName);
        _strings = new DwarfStrings(Section(image, ".debug_line_str"), Section(image, ".debug_str"));
        try
        {
            ReadUnits();
        }
        catch (InvalidDataException)
        {
            // What was read so far stands.
        }

        _sequences.Sort((one, other) => one.Low.CompareTo(other.Low));
    }

    /// <summary>Whether code must know its instructions.</summary>
    internal static bool AskFor(ModuleImage image, CompileOptions options) =>
        options.ExactTraces || image.CustomSections.Exists(section => section.Name == SectionName);

    /// <param name="address">Counted from the beginning of the code section's contents.</param>
    internal SourceLine? Find(uint address)
    {
        // Stretches of code do not overlap, but for damage: the nearest one before is the one.
        var (low, high) = (0, _sequences.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _sequences[middle].Low <= address ? (middle + 1, high) : (low, middle);
        }

        if (low == 0 || address >= _sequences[low - 1].High)
            return null;
        var sequence = _sequences[low - 1];
        try
        {
            return LineProgram.Read(_section.Span, sequence.Unit, _strings).Find(sequence.Start, address);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    void ReadUnits()
    {
        for (var unit = 0; unit < _section.Length;)
        {
            var program = LineProgram.Read(_section.Span, unit, _strings);
            foreach (var (start, from, to) in program.Sequences())
            {
                if (_sequences.Count == MostSequences)
                    return;
                _sequences.Add(new Sequence(from, to, unit, start));
            }

            unit = program.End;
        }
    }

    static ReadOnlyMemory<byte> Section(ModuleImage image, string name) => image.CustomSections.Find(section => section.Name == name)?.Bytes ?? default;

    /// <summary>A stretch of code, and where in the section its unit and its instructions begin.</summary>
    readonly record struct Sequence(uint Low, uint High, int Unit, int Start);
}
