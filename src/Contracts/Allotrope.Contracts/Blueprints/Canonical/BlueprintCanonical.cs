using System.Text;
using System.Text.Json.Nodes;
using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>
/// The form of a blueprint that is signed: the OAM document as JSON by RFC 8785, whatever the author's dialect, comments and order of keys.
/// Defaults are written out, so that what was signed does not change its meaning when a later version has other ones.
/// <see cref="BlueprintReader.ReadCanonical"/> gives the same model back.
/// </summary>
public static class BlueprintCanonical
{
    /// <summary>The canonical bytes of <paramref name="blueprint"/>, whose images should be resolved.</summary>
    public static byte[] Write(Blueprint blueprint) => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(Document(blueprint).ToJsonString()));

    /// <summary>
    /// Reads canonical bytes and makes sure that they are: a document with two spellings could be signed as one and stored as the other.
    /// </summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: broken rules, an image without digest, or bytes in another form.</exception>
    public static Blueprint Read(ReadOnlySpan<byte> canonical)
    {
        var blueprint = BlueprintReader.ReadCanonical(canonical).Blueprint;
        foreach (var component in blueprint.Components)
            if (component.Image is { } image && !ImageReference.Parse(image).IsResolved)
                throw new FaultException(new Fault.Invalid($"component {component.Name}",
                    $"image '{Quote.Short(image)}' of component '{component.Name}' has no digest; "
                    + "expected '<path>@sha256:<hex>' or 'builtin:<name>'"));
        if (!canonical.SequenceEqual(Write(blueprint)))
            throw new FaultException(new Fault.Invalid("canonical", "the blueprint is not in canonical form; sign what BlueprintCanonical writes"));
        return blueprint;
    }

    static JsonObject Document(Blueprint blueprint) => new()
    {
        ["apiVersion"] = "core.oam.dev/v1beta1",
        ["kind"] = "Application",
        ["metadata"] = new JsonObject
        {
            ["name"] = blueprint.Name,
            ["annotations"] = Annotations(blueprint),
            ["labels"] = Json.Texts(blueprint.Labels),
        },
        ["spec"] = new JsonObject
        {
            ["components"] = Json.List(blueprint.Components, CanonicalComponent.Write),
            ["policies"] = Json.List(blueprint.Policies, policy => new JsonObject
            {
                ["name"] = policy.Name,
                ["type"] = policy.Type,
                ["properties"] = Json.Texts(policy.Properties),
            }),
        },
    };

    static JsonObject Annotations(Blueprint blueprint)
    {
        var annotations = Json.Texts(blueprint.Annotations);
        annotations.AddText("version", blueprint.Version);
        annotations.AddText("description", blueprint.Description);
        return annotations;
    }
}
