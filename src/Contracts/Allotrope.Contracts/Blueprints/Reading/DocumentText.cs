using System.Text;

namespace Allotrope.Contracts;

/// <summary>From bytes to nodes, for every kind of document: the encoding, the size, and the language it is written in.</summary>
static class DocumentText
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The outermost node, or <see langword="null"/> with at least one error in <paramref name="problems"/>.</summary>
    /// <param name="file">How the document is called in messages; one that ends with <c>.json</c> is read as JSON, every other as YAML.</param>
    public static Node? Read(ReadOnlySpan<byte> utf8, string file, DocumentKind kind, Problems problems)
    {
        if (utf8.StartsWith(ByteOrderMark))
            utf8 = utf8[ByteOrderMark.Length..];
        return file.EndsWith(".json", StringComparison.Ordinal) ? Json(utf8, file, kind, problems) : Yaml(utf8, file, kind, problems);
    }

    public static Node? Json(ReadOnlySpan<byte> utf8, string file, DocumentKind kind, Problems problems) =>
        Fits(utf8, file, kind, problems) ? JsonDocumentNodes.Read(utf8, file, problems) : null;

    static Node? Yaml(ReadOnlySpan<byte> utf8, string file, DocumentKind kind, Problems problems)
    {
        if (!Fits(utf8, file, kind, problems))
            return null;
        try
        {
            return YamlDocument.Read(Utf8.GetString(utf8), file, kind, problems);
        }
        catch (DecoderFallbackException error)
        {
            var good = utf8[..Math.Max(error.Index, 0)];
            problems.Error(new(file, good.Count((byte)'\n') + 1, 1), "bytes that are no UTF-8", "save the file as UTF-8 text");
            return null;
        }
    }

    static bool Fits(ReadOnlySpan<byte> utf8, string file, DocumentKind kind, Problems problems)
    {
        if (utf8.Length > DocumentLimits.Bytes)
            problems.Error(new(file, 1, 1), $"a document of {utf8.Length} bytes", $"{kind.What} has at most {DocumentLimits.Bytes}");
        return !problems.Any;
    }
}

/// <summary>What a document is to be.</summary>
/// <param name="Name">In messages: <c>blueprint</c>.</param>
/// <param name="Begins">How one begins.</param>
/// <param name="Aliases">Whether its values may be named and used again; the nodes are then shared, not copied.</param>
sealed record DocumentKind(string Name, string Begins, bool Aliases)
{
    public static readonly DocumentKind Blueprint = new("blueprint", "'apiVersion: core.oam.dev/v1beta1'", Aliases: false);

    /// <summary>Compose files are other people's, and theirs often use aliases.</summary>
    public static readonly DocumentKind Compose = new("compose file", "'services:'", Aliases: true);

    public string What => "a " + Name;
}
