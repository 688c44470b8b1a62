namespace Allotrope.Components;

/// <summary>Names in kebab case: words of lower-case letters and digits or acronyms of upper-case ones, the first beginning with a letter.</summary>
static class Label
{
    internal static bool IsValid(ReadOnlySpan<char> text) => HasFragments(text, withAcronyms: true);

    /// <summary>The same without acronyms, as namespaces and packages have them.</summary>
    internal static bool IsWords(ReadOnlySpan<char> text) => HasFragments(text, withAcronyms: false);

    static bool HasFragments(ReadOnlySpan<char> text, bool withAcronyms)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
            return false;
        foreach (var range in text.Split('-'))
        {
            var fragment = text[range];
            var isWord = !fragment.ContainsAnyExcept(Lower);
            if (fragment.IsEmpty || !(isWord || (withAcronyms && !fragment.ContainsAnyExcept(Upper))))
                return false;
        }

        return true;
    }

    static readonly System.Buffers.SearchValues<char> Lower = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    static readonly System.Buffers.SearchValues<char> Upper = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}
