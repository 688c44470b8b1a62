namespace Allotrope.Components;

/// <summary>A string on its way, and how it was written, on which depends what room is asked for it.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Encoding">How the one it comes from writes strings.</param>
/// <param name="IsLatin1">Of <see cref="StringEncoding.Latin1OrUtf16"/>, which of the two it was.</param>
/// <param name="CodeUnits">How many units of that it took.</param>
sealed record GuestString(string Text, StringEncoding Encoding, bool IsLatin1, int CodeUnits)
{
    /// <summary>A string of the host, which is UTF-16.</summary>
    internal static GuestString Of(object? value) => value switch
    {
        GuestString guest => guest,
        string text => new(text, StringEncoding.Utf16, false, text.Length),
        _ => throw new ArgumentException($"a string was expected, not {value ?? "null"}", nameof(value)),
    };
}
