using System.Buffers;

namespace Allotrope.Contracts;

/// <summary>The rules for names, from OAM v0.3, Kubernetes labels and wadm's <c>^[-\w]+$</c>; where they differ, what all accept.</summary>
static class Names
{
    const int NameLength = 63;
    const int PrefixLength = 253;
    const int VersionLength = 64;
    const int DescriptionLength = 4096;

    static readonly SearchValues<char> InName = SearchValues.Create("-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    static readonly SearchValues<char> InLabel = SearchValues.Create("-_.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    static readonly SearchValues<char> InPrefix = SearchValues.Create("-.abcdefghijklmnopqrstuvwxyz0123456789");
    static readonly SearchValues<char> InVersion = SearchValues.Create("-_.+ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    static readonly SearchValues<char> InContract = SearchValues.Create("-_.:/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public const string NameRule = "a name has at most 63 letters, digits, '-' or '_' and begins and ends with a letter or digit";

    public static bool IsName(string name) => IsWord(name, InName, NameLength);

    /// <summary>A Kubernetes label key: an optional DNS name and a slash, then a name.</summary>
    public static bool IsLabelKey(string key) => key.IndexOf('/') is >= 0 and var slash
        ? IsWord(key[..slash], InPrefix, PrefixLength) && IsWord(key[(slash + 1)..], InLabel, NameLength)
        : IsWord(key, InLabel, NameLength);

    public static bool IsLabelValue(string value) => value.Length == 0 || IsWord(value, InLabel, NameLength);

    public static bool IsVersion(string version) => IsWord(version, InVersion, VersionLength);

    public static bool IsContract(string contract) => IsWord(contract, InContract, NameLength);

    public static bool IsDescription(string text) => text.Length <= DescriptionLength;

    static bool IsWord(string word, SearchValues<char> letters, int length) =>
        word.Length > 0 && word.Length <= length && !word.AsSpan().ContainsAnyExcept(letters)
        && char.IsAsciiLetterOrDigit(word[0]) && char.IsAsciiLetterOrDigit(word[^1]);
}
