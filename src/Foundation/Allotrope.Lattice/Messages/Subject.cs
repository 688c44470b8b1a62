using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>The rules of subjects, patterns and keys, which are NATS's where NATS has any.</summary>
public static class Subject
{
    const string HowToName = "a subject is tokens separated by dots, such as blueprint.put";

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when messages cannot be sent to <paramref name="subject"/>.</exception>
    public static void Check(string subject)
    {
        if (Flaw(subject) is { } flaw)
            throw Invalid(subject, $"The subject \"{Shown(subject)}\" {flaw}: {HowToName}.");
        if (subject.AsSpan().IndexOfAny('*', '>') >= 0)
            throw Invalid(subject, $"The subject \"{Shown(subject)}\" has a wildcard: messages go to one subject; only subscriptions may use * and >.");
    }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when <paramref name="pattern"/> cannot be subscribed to.</exception>
    public static void CheckPattern(string pattern)
    {
        if (Flaw(pattern) is { } flaw)
            throw Invalid(pattern, $"The pattern \"{Shown(pattern)}\" {flaw}: {HowToName}, where * stands for one token and a last > for the rest.");
        var rest = pattern.AsSpan();
        while (Next(ref rest, out var token))
        {
            if (token is ">" && !rest.IsEmpty)
                throw Invalid(pattern, $"The pattern \"{Shown(pattern)}\" goes on after >: > stands for all tokens that follow, so it must be the last.");
            if (token.Length > 1 && token.IndexOfAny('*', '>') >= 0)
                throw Invalid(pattern, $"The pattern \"{Shown(pattern)}\" has a wildcard within the token \"{token}\": * and > stand for whole tokens.");
        }
    }

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when <paramref name="key"/> cannot name a value of a bucket.</exception>
    public static void CheckKey(string key)
    {
        if (Flaw(key) is { } flaw)
            throw Invalid(key, $"The key \"{Shown(key)}\" {flaw}: a key is tokens separated by dots, such as node.workload.");
        foreach (var c in key)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '/' or '='))
                throw Invalid(key, $"The key \"{Shown(key)}\" has the character '{c}': ASCII letters, digits and . - _ / = are allowed.");
    }

    public static bool IsLiteral(string pattern) => pattern.AsSpan().IndexOfAny('*', '>') < 0;

    /// <summary>True when <paramref name="pattern"/> covers <paramref name="subject"/>; both are well formed.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> subject)
    {
        while (Next(ref pattern, out var wanted))
        {
            if (!Next(ref subject, out var token))
                return false;
            if (wanted is ">")
                return true;
            if (wanted is not "*" && !wanted.SequenceEqual(token))
                return false;
        }
        return subject.IsEmpty;
    }

    /// <summary>Takes the first token off <paramref name="rest"/>; false when there is none.</summary>
    static bool Next(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> token)
    {
        var dot = rest.IndexOf('.');
        token = dot < 0 ? rest : rest[..dot];
        rest = dot < 0 ? [] : rest[(dot + 1)..];
        return !token.IsEmpty;
    }

    static string? Flaw(string text)
    {
        if (text is "")
            return "is empty";
        if (text.Length > LatticeLimits.SubjectLength || Encoding.UTF8.GetByteCount(text) is var bytes && bytes > LatticeLimits.SubjectLength)
            return $"is longer than {LatticeLimits.SubjectLength} bytes";
        if (text[0] is '.' || text[^1] is '.' || text.Contains("..", StringComparison.Ordinal))
            return "has an empty token";
        foreach (var c in text)
            if (char.IsWhiteSpace(c) || char.IsControl(c))
                return "has a space or control character";
        return null;
    }

    /// <summary>What can be printed of a text that may be anything.</summary>
    static string Shown(string text)
    {
        var start = text.Length <= 80 ? text : text[..80] + "…";
        return string.Concat(start.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(Shown(where), message));
}
