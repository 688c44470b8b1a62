using System.Text.Json.Nodes;

namespace Allotrope.Contracts;

/// <summary>Shorthand for building JSON objects whose absent values are left out.</summary>
static class Json
{
    public static JsonObject Texts(IReadOnlyDictionary<string, string> texts) =>
        new(texts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> write) => new([.. items.Select(write)]);

    extension(JsonObject json)
    {
        public void AddText(string key, string? value)
        {
            if (value is not null)
                json[key] = value;
        }

        public void AddList(string key, JsonArray list)
        {
            if (list.Count > 0)
                json[key] = list;
        }
    }
}
