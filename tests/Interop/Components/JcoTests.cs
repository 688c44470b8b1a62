using System.Text;
using System.Text.Json.Nodes;
using Allotrope.Components;
using Allotrope.Components.Tests.Guests;
using Store = Allotrope.Wasm.Store;

namespace Allotrope.Interop.Components;

/// <summary>The same component gives the same results here and in node through jco, on the same inputs.</summary>
public sealed class JcoTests : IDisposable
{
    const int Values = 300;

    static readonly string Guest = Path.Combine(Tools.Root, "guests", "components", "calls-c", "calls.wasm");

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-jco-");

    readonly Random _random = new(20260101);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Results_are_those_of_jco()
    {
        var jco = Path.Combine(await Tools.ComponentToolsAsync(), "@bytecodealliance", "jco", "dist", "jco.js");
        uint[][] sums = [.. Many(() => new[] { (uint)_random.NextInt64(1L << 32), (uint)_random.NextInt64(1L << 32) })];
        string[] texts = [.. Many(Text)];
        Point[][] lists = [.. Many(() => Enumerable.Range(0, _random.Next(20)).Select(_ => Place()).ToArray())];
        Value[] values = [.. Many(Any)];

        var theirs = await RunAsync(jco, new JsonObject
        {
            ["sums"] = JcoValues.Array(sums, pair => JcoValues.Array(pair, each => each)),
            ["texts"] = JcoValues.Array(texts, text => text),
            ["lists"] = JcoValues.Array(lists, points => JcoValues.Array(points, JcoValues.Of)),
            ["values"] = JcoValues.Array(values, JcoValues.Of),
        });

        using var store = new Store();
        using var instance = new ComponentLinker<int>().Instantiate(store, Component.Compile(await File.ReadAllBytesAsync(Guest, TestContext.Current.CancellationToken)), 0);
        var (add, length, echo) = (instance.GetFunction<Func<uint, uint, uint>>("add"), instance.GetFunction<Func<string, uint>>("length"), instance.GetFunction<Func<string, string>>("echo"));
        var (total, mirror) = (instance.GetFunction<Func<Point[], double>>("total"), instance.GetFunction<Func<Value[], Value[]>>("mirror"));
        Same("sums", JcoValues.Array(sums, pair => add(pair[0], pair[1])));
        Same("lengths", JcoValues.Array(texts, text => length(text)));
        Same("texts", JcoValues.Array(texts, text => echo(text)));
        Same("totals", JcoValues.Array(lists, points => total(points)));
        Same("values", JcoValues.Array(mirror(values), JcoValues.Of));
        return;

        void Same(string name, JsonArray ours)
        {
            var others = theirs[name]!.AsArray();
            Assert.Equal(others.Count, ours.Count);
            for (var i = 0; i < ours.Count; i++)
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(ours[i]!.ToJsonString()), others[i]), $"{name} {i}: ours is {ours[i]!.ToJsonString()}, jco's is {others[i]!.ToJsonString()}");
        }
    }

    async Task<JsonNode> RunAsync(string jco, JsonObject inputs)
    {
        var file = Path.Combine(_folder.FullName, "inputs.json");
        await File.WriteAllTextAsync(file, inputs.ToJsonString(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "package.json"), """{"type":"module"}""", TestContext.Current.CancellationToken);
        await Tools.RunAsync(Tools.Node, [jco, "transpile", Guest, "-o", _folder.FullName, "-q"]);
        var program = Path.Combine(Tools.Root, "tests", "Interop", "programs", "calls.mjs");
        return JsonNode.Parse(await Tools.RunAsync(Tools.Node, [program, Path.Combine(_folder.FullName, "calls.js"), file]))!;
    }

    static IEnumerable<T> Many<T>(Func<T> one) => Enumerable.Range(0, Values).Select(_ => one());

    string Text() => string.Concat(Enumerable.Range(0, _random.Next(40)).Select(_ => Letter().ToString()));

    Rune Letter() => _random.Next(4) switch
    {
        0 => new(_random.Next(0x80)),
        1 => new(_random.Next(0x80, 0x800)),
        2 => new(_random.Next(0x800, 0xD800)),
        _ => new(_random.Next(0x10000, 0x110000)),
    };

    Point Place() => new(_random.Next(int.MinValue, int.MaxValue), (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-20, 20)), Text());

    Value Any() => _random.Next(14) switch
    {
        0 => new Value.Nothing(),
        1 => new Value.Truth(_random.Next(2) == 1),
        2 => new Value.Small((sbyte)_random.Next(-128, 128)),
        3 => new Value.Large((ulong)_random.NextInt64(long.MinValue, long.MaxValue)),
        4 => new Value.Single(_random.NextSingle()),
        5 => new Value.Letter(Letter()),
        6 => new Value.Text(Text()),
        7 => new Value.Bytes(Bytes()),
        8 => new Value.Pair(((short)_random.Next(short.MinValue, short.MaxValue + 1), Text())),
        9 => new Value.Maybe(_random.Next(2) == 0 ? null : Text()),
        10 => new Value.Outcome(_random.Next(2) == 0 ? Result<uint, string>.Ok((uint)_random.Next()) : Result<uint, string>.Fail(Text())),
        11 => new Value.Allowed((Rights)_random.Next(8)),
        12 => new Value.Paint((Colour)_random.Next(3)),
        _ => new Value.Place(Place()),
    };

    byte[] Bytes()
    {
        var bytes = new byte[_random.Next(100)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
