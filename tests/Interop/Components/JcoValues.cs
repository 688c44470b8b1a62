using System.Globalization;
using System.Text.Json.Nodes;
using Allotrope.Components.Tests.Guests;

namespace Allotrope.Interop.Components;

/// <summary>Values as jco gives them to JavaScript, in JSON.</summary>
static class JcoValues
{
    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> one) => new([.. items.Select(one)]);

    public static JsonNode Of(Point point) => new JsonObject { ["x"] = point.X, ["y"] = point.Y, ["name"] = point.Name };

    public static JsonNode Of(Value value) => value switch
    {
        Value.Nothing => Case("nothing", null),
        Value.Truth it => Case("truth", it.Value),
        Value.Small it => Case("small", it.Value),
        Value.Large it => Case("large", it.Value.ToString(CultureInfo.InvariantCulture)),
        Value.Single it => Case("single", (double)it.Value),
        Value.Letter it => Case("letter", it.Value.ToString()),
        Value.Text it => Case("text", it.Value),
        Value.Bytes it => Case("bytes", Array(it.Value.ToArray(), each => each)),
        Value.Pair it => Case("pair", new JsonArray(it.Value.Item1, it.Value.Item2)),
        Value.Maybe it => Case("maybe", it.Value),
        Value.Outcome { Value.IsOk: true } it => Case("outcome", Case("ok", it.Value.Value)),
        Value.Outcome it => Case("outcome", Case("err", it.Value.Error)),
        Value.Allowed it => Case("allowed", new JsonObject
        {
            ["read"] = it.Value.HasFlag(Rights.Read), ["write"] = it.Value.HasFlag(Rights.Write), ["remove"] = it.Value.HasFlag(Rights.Remove),
        }),
        Value.Paint it => Case("paint", it.Value switch { Colour.Red => "red", Colour.Green => "green", _ => "blue" }),
        Value.Place it => Case("place", Of(it.Value)),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    static JsonObject Case(string tag, JsonNode? value) => new() { ["tag"] = tag, ["val"] = value };
}
