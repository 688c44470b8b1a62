using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>
/// Reads an OAM <c>Application</c> of either dialect. Everything wrong with a document is found in one go, each with file, line and column,
/// what stands there and what was expected. Sizes, depth and counts are bounded by <see cref="DocumentLimits"/>.
/// </summary>
public static class BlueprintReader
{
    /// <param name="file">How the document is called in messages; one that ends with <c>.json</c> is read as JSON, every other as YAML.</param>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> with all errors of the document, the first as its message.</exception>
    public static ReadBlueprint Read(ReadOnlySpan<byte> utf8, string file)
    {
        var problems = new Problems();
        return Finish(DocumentText.Read(utf8, file, DocumentKind.Blueprint, problems), problems);
    }

    /// <summary>Reads the canonical form, which is JSON.</summary>
    /// <inheritdoc cref="Read"/>
    public static ReadBlueprint ReadCanonical(ReadOnlySpan<byte> utf8)
    {
        var problems = new Problems();
        return Finish(DocumentText.Json(utf8, "canonical", DocumentKind.Blueprint, problems), problems);
    }

    static ReadBlueprint Finish(Node? root, Problems problems)
    {
        var read = root is null ? null : new ApplicationReader(problems).Read(root);
        problems.ThrowIfAny();
        return read!;
    }
}

/// <param name="Warnings">What is allowed but probably not meant.</param>
/// <param name="Images">Where each component's image stands, by component name.</param>
public sealed record ReadBlueprint(Blueprint Blueprint, IReadOnlyList<Problem> Warnings, IReadOnlyDictionary<string, Place> Images)
{
    /// <summary>Where each component's links stand, by component name, in the order of <see cref="Component.Links"/>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Place>> Links { get; init; }
}
