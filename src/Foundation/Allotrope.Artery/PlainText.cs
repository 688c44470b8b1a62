namespace Allotrope.Artery;

/// <summary>Text of a peer on its way to people: into one line of a log or a terminal it must not write another, nor move the cursor.</summary>
public static class PlainText
{
    public static string Of(string text) => text.AsSpan().ContainsAny(Breaks) || text.Any(char.IsControl)
        ? string.Create(text.Length, text, static (line, source) =>
        {
            for (var at = 0; at < line.Length; at++)
                line[at] = char.IsControl(source[at]) || Breaks.Contains(source[at]) ? ' ' : source[at];
        })
        : text;

    /// <summary>What ends a line and is no control character.</summary>
    const string Breaks = "\u2028\u2029";
}
