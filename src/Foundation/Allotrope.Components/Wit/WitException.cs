using System.Text;

namespace Allotrope.Components.Wit;

/// <summary>A WIT file that is wrong.</summary>
/// <param name="position">Where.</param>
/// <param name="problem">What is wrong, what was expected and what to do, in one sentence without the place.</param>
/// <param name="kind">What kind of mistake it is.</param>
public sealed class WitException(WitPosition position, string problem, WitMistake kind)
    : Exception($"{position}: {OneLine(problem)}")
{
    /// <summary>Of a sentence, which may quote names as long as the file's author liked.</summary>
    const int MostLetters = 600;

    public WitPosition Position { get; } = position;

    /// <summary>The sentence without the place.</summary>
    public string Problem { get; } = OneLine(problem);

    public WitMistake Kind { get; } = kind;

    static string OneLine(string problem)
    {
        var text = new StringBuilder();
        foreach (var letter in problem.Length > MostLetters ? problem.Substring(0, MostLetters) : problem)
        {
            if (char.IsControl(letter))
                text.Append("\\u").Append(((int)letter).ToString("x4"));
            else
                text.Append(letter);
        }

        return problem.Length > MostLetters ? $"{text} ..." : text.ToString();
    }
}

/// <summary>Where a mistake in a WIT file lies.</summary>
public enum WitMistake
{
    /// <summary>In how something is written.</summary>
    Text,

    /// <summary>In what names refer to, or in what may not be said together.</summary>
    Meaning,
}
