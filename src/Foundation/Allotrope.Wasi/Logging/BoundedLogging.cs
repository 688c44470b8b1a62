namespace Allotrope.Wasi.Logging;

/// <summary>Passes a guest's log lines on, each cut to what a line may hold: a guest must not fill the host's log with one call.</summary>
/// <param name="write">Gets the level, the context and the message, one call at a time for each guest.</param>
public sealed class BoundedLogging(Action<Level, string, string> write) : ILogging
{
    /// <summary>Most characters of a context.</summary>
    public const int Context = 256;

    /// <summary>Most characters of a message.</summary>
    public const int Message = 16_384;

    public void Log(Level level, string context, string message) => write(level, Cut(context, Context), Cut(message, Message));

    static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        // Not between the two halves of one character
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
