using Allotrope.Components;
using Allotrope.Wasm;

namespace Allotrope.Bench.Components;

/// <summary>As guests.wit has it.</summary>
public readonly record struct Point(int X, double Y, string Name);

/// <summary>What a call of an exported function costs by its signature, typed, in nanoseconds.</summary>
sealed class Calls : IDisposable
{
    /// <summary>What <c>calls.mjs</c> calls too, with the same arguments.</summary>
    public static readonly IReadOnlyList<(string Name, string Measures)> All =
    [
        ("add", "two integers to one"),
        ("length", "a string of 1 KiB to an integer"),
        ("echo", "a string of 1 KiB to a string of 1 KiB"),
        ("total", "16 records of integer, float and string to a float"),
    ];

    readonly Store _store = new();
    readonly ComponentInstance _instance;

    public Calls(string file) => _instance = new ComponentLinker<int>().Instantiate(_store, Component.Compile(File.ReadAllBytes(file)), 0);

    public double Measure(string name, bool quick)
    {
        var text = new string('x', 1024);
        Point[] points = [.. Enumerable.Range(0, 16).Select(i => new Point(i, i / 2.0, $"n{i}"))];
        var (add, length, echo, total) = (
            _instance.GetFunction<Func<uint, uint, uint>>("add"), _instance.GetFunction<Func<string, uint>>("length"),
            _instance.GetFunction<Func<string, string>>("echo"), _instance.GetFunction<Func<Point[], double>>("total"));
        return Components.Measure.Call(
            name switch
            {
                "add" => () => add(1, 2),
                "length" => () => length(text),
                "echo" => () => echo(text),
                _ => () => total(points),
            },
            quick);
    }

    public void Dispose()
    {
        _instance.Dispose();
        _store.Dispose();
    }
}
