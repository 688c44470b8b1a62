using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>
/// Reads an OAM <c>Application</c> of either dialect. Everything wrong with a document is found in one go, each with file, line and column,
/// what stands there and what was expected. Sizes, depth and counts are bounded by <see cref="DocumentLimits"/>.
/// </summary>
public static class BlueprintReader
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="file">How the document is called in messages; one that ends with <c>.json</c> is read as JSON, every other as YAML.</param>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> with all errors of the document, the first as its message.</exception>
    public static ReadBlueprint Read(ReadOnlySpan<byte> utf8, string file)
    {
        var problems = new Problems();
        if (utf8.StartsWith(ByteOrderMark))
            utf8 = utf8[ByteOrderMark.Length..];
        return Finish(file.EndsWith(".json", StringComparison.Ordinal) ? Json(utf8, file, problems) : Yaml(utf8, file, problems), problems);
    }

    /// <summary>Reads the canonical form, which is JSON.</summary>
    /// <inheritdoc cref="Read"/>
    public static ReadBlueprint ReadCanonical(ReadOnlySpan<byte> utf8)
    {
        var problems = new Problems();
        return Finish(Json(utf8, "canonical", problems), problems);
    }

    static ReadBlueprint Finish(Node? root, Problems problems)
    {
        var read = root is null ? null : new ApplicationReader(problems).Read(root);
        problems.ThrowIfAny();
        return read!;
    }

    static Node? Yaml(ReadOnlySpan<byte> utf8, string file, Problems problems)
    {
        if (!Fits(utf8, file, problems))
            return null;
        try
        {
            return YamlDocument.Read(Utf8.GetString(utf8), file, problems);
        }
        catch (DecoderFallbackException error)
        {
            var good = utf8[..Math.Max(error.Index, 0)];
            problems.Error(new(file, good.Count((byte)'\n') + 1, 1), "bytes that are no UTF-8", "save the file as UTF-8 text");
            return null;
        }
    }

    static Node? Json(ReadOnlySpan<byte> utf8, string file, Problems problems) =>
        Fits(utf8, file, problems) ? JsonDocumentNodes.Read(utf8, file, problems) : null;

    static bool Fits(ReadOnlySpan<byte> utf8, string file, Problems problems)
    {
        if (utf8.Length > DocumentLimits.Bytes)
            problems.Error(new(file, 1, 1), $"a document of {utf8.Length} bytes", $"a blueprint has at most {DocumentLimits.Bytes}");
        return !problems.Any;
    }
}

/// <param name="Warnings">What is allowed but probably not meant.</param>
/// <param name="Images">Where each component's image stands, by component name.</param>
public sealed record ReadBlueprint(Blueprint Blueprint, IReadOnlyList<Problem> Warnings, IReadOnlyDictionary<string, Place> Images);
