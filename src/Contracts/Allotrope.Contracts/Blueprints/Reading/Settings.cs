using System.Text.Json.Nodes;

namespace Allotrope.Contracts;

/// <summary>Free settings: keys of the author's choice with text values. Numbers and truth values are taken as they are written.</summary>
static class Settings
{
    public static readonly IReadOnlyDictionary<string, string> None = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> Read(Node.Mapping mapping, Problems problems)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, at, value) in mapping.Entries)
        {
            if (key.Length == 0)
                problems.Error(at, "an empty key", "a setting has a name");
            else if (value is Node.Scalar { IsNothing: true })
                problems.Error(value.At, $"'{Quote.Short(key)}' without a value", "write \"\" for an empty text");
            else
                settings[key] = value is Node.Scalar scalar ? scalar.Text : Json(value)!.ToJsonString();
        }
        return settings;
    }

    /// <summary>Nested settings as JSON text; the depth is bounded by <see cref="DocumentLimits.Depth"/>.</summary>
    static JsonNode? Json(Node node) => node switch
    {
        Node.Scalar { IsNothing: true } => null,
        Node.Scalar { Plain: true, Text: "true" } => true,
        Node.Scalar { Plain: true, Text: "false" } => false,
        Node.Scalar { Plain: true } scalar when long.TryParse(scalar.Text, out var number) && number.ToString() == scalar.Text => number,
        Node.Scalar scalar => scalar.Text,
        Node.Sequence list => new JsonArray([.. list.Items.Select(Json)]),
        Node.Mapping mapping => new JsonObject(mapping.Entries.DistinctBy(entry => entry.Key)
            .Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))),
        _ => throw new InvalidOperationException($"{node.GetType().Name} is no kind of node"),
    };
}
