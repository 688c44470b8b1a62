using System.Globalization;
using System.Text;

namespace Allotrope.Components;

/// <summary>The bytes are no component, or one that breaks a rule of the Component Model.</summary>
/// <param name="message">What is wrong, without the position.</param>
/// <param name="byteOffset">Where in the component it was noticed.</param>
/// <param name="cause">What a part of it was refused with.</param>
public sealed class InvalidComponentException(string message, int byteOffset, Exception? cause = null)
    : Exception($"{OneLine(message)} (at byte {byteOffset})", cause)
{
    /// <summary>Of a message, which may quote types and names that the component's author has made as long as he liked.</summary>
    const int MostLetters = 600;

    /// <summary>Offset in the component of the byte or section that breaks the rule.</summary>
    public int ByteOffset { get; } = byteOffset;

    static string OneLine(string message)
    {
        var text = new StringBuilder();
        foreach (var letter in message.AsSpan(0, Math.Min(message.Length, MostLetters)))
        {
            if (char.IsControl(letter))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                text.Append(letter);
        }

        return message.Length > MostLetters ? $"{text} ..." : text.ToString();
    }
}
