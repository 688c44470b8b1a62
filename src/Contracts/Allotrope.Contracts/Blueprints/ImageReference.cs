using System.Buffers;

namespace Allotrope.Contracts;

/// <summary>
/// Reads the text of <see cref="Component.Image"/>: <c>builtin:{name}</c>, <c>{path}@sha256:{hex}</c>, or a file path that is still to be resolved.
/// </summary>
/// <param name="Path">The file as the author wrote it, or the name of the built-in provider.</param>
/// <param name="Digest"><c>sha256:{64 lower-case hex digits}</c>, or <see langword="null"/> when not resolved.</param>
/// <param name="IsBuiltin">A provider that is part of the node; has no digest.</param>
public readonly record struct ImageReference(string Path, string? Digest, bool IsBuiltin)
{
    const string Builtin = "builtin:";
    const string At = "@sha256:";
    const int HexLength = 64;
    static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static ImageReference Parse(string image)
    {
        if (image.StartsWith(Builtin, StringComparison.Ordinal))
            return new(image[Builtin.Length..], null, IsBuiltin: true);
        var at = image.Length - HexLength - At.Length;
        return at > 0 && image.AsSpan(at).StartsWith(At, StringComparison.Ordinal) && IsDigest(image.AsSpan(at + 1))
            ? new(image[..at], image[(at + 1)..], IsBuiltin: false)
            : new(image, null, IsBuiltin: false);
    }

    /// <summary>Whether the image says exactly which bytes it is.</summary>
    public bool IsResolved => IsBuiltin || Digest is not null;

    /// <summary>Whether <paramref name="text"/> is <c>sha256:</c> and 64 lower-case hex digits.</summary>
    public static bool IsDigest(ReadOnlySpan<char> text) =>
        text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length == 7 + HexLength && !text[7..].ContainsAnyExcept(Hex);

    public override string ToString() => IsBuiltin ? Builtin + Path : Digest is null ? Path : $"{Path}@{Digest}";
}
