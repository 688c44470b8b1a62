namespace Allotrope.Contracts;

/// <summary>
/// An Open Application Model v1beta1 <c>Application</c> after parsing and validation, in one model for both dialects
/// (actor/linkdef of wadm 0.4 and component/link of wadm 0.21). Source: oam-dev/spec v0.3.0 and the wadm manifest documentation.
/// </summary>
/// <param name="Name">At most 63 characters: ASCII letters, digits, <c>-</c> and <c>_</c>; begins and ends with a letter or digit.</param>
/// <param name="Version">From the annotation <c>version</c>; <see langword="null"/> lets the ledger number the revision.</param>
/// <param name="Description">From the annotation <c>description</c>.</param>
/// <param name="Annotations">All others.</param>
public sealed record Blueprint(
    string Name,
    string? Version,
    string? Description,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    IReadOnlyList<Component> Components,
    IReadOnlyList<Policy> Policies)
{
    /// <summary>The annotation by which a blueprint lets others link to its components.</summary>
    public const string SharedAnnotation = "experimental.wasmcloud.dev/shared";

    /// <summary>Whether components of other blueprints may stand for components of this one.</summary>
    public bool Shared => Annotations.TryGetValue(SharedAnnotation, out var value) && value == "true";
}

/// <summary>Something that holds for the whole blueprint, such as where secrets come from.</summary>
public sealed record Policy(string Name, string Type, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>The type of a policy that names a backend for secrets.</summary>
    public const string SecretType = "policy.secret.wasmcloud.dev/v1alpha1";
}
