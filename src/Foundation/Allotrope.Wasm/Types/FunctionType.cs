using System.Collections.Immutable;

namespace Allotrope.Wasm;

/// <summary>
/// A function's signature. Signatures are interned: equal ones are the same object for as long as anybody holds it, and carry the same
/// <see cref="Id"/>, so that an indirect call checks its callee's signature with one compare.
/// </summary>
public sealed class FunctionType
{
    static readonly Lock Gate = new();
    static readonly Dictionary<string, WeakReference<FunctionType>> Interned = [];
    static readonly FunctionType?[] Single = new FunctionType?[256];
    static int _lastId;
    static int _sweepAt = 1024;

    readonly string _text;

    FunctionType(string text, ReadOnlySpan<ValueKind> parameters, ReadOnlySpan<ValueKind> results)
    {
        _text = text;
        Parameters = [.. parameters];
        Results = [.. results];
        Id = ++_lastId;
        ClrResult = ResultTuple.TypeOf(Results.AsSpan());
    }

    /// <summary>Takes nothing, gives nothing.</summary>
    internal static FunctionType None { get; } = Of([], []);

    public ImmutableArray<ValueKind> Parameters { get; }

    public ImmutableArray<ValueKind> Results { get; }

    /// <summary>The same number for the same signature; what compiled code compares.</summary>
    internal int Id { get; }

    /// <summary>What compiled code returns: void, the one result's type, or a value tuple of all results.</summary>
    internal Type ClrResult { get; }

    /// <summary>Calls a function of this signature with values.</summary>
    internal Invoker Invoker => field ??= EntryStubs.CreateInvoker(this);

    /// <summary>The one object that stands for this signature.</summary>
    public static FunctionType Of(ReadOnlySpan<ValueKind> parameters, ReadOnlySpan<ValueKind> results)
    {
        var text = Describe(parameters, results);
        lock (Gate)
        {
            if (Interned.TryGetValue(text, out var known) && known.TryGetTarget(out var type))
                return type;
            if (Interned.Count >= _sweepAt)
                Sweep();
            type = new FunctionType(text, parameters, results);
            Interned[text] = new WeakReference<FunctionType>(type);
            return type;
        }
    }

    /// <summary>Takes nothing and gives one value.</summary>
    internal static FunctionType Result(ValueKind kind) => Single[(byte)kind] ??= Of([], [kind]);

    /// <summary>The signature as the text format writes it, such as <c>(i32, i64) -> (f32)</c>.</summary>
    public override string ToString() => _text;

    /// <summary>Forgets signatures that nobody holds any more; their ids are never given out again.</summary>
    static void Sweep()
    {
        foreach (var (text, known) in Interned)
        {
            if (!known.TryGetTarget(out _))
                Interned.Remove(text);
        }

        _sweepAt = Math.Max(1024, Interned.Count * 2);
    }

    static string Describe(ReadOnlySpan<ValueKind> parameters, ReadOnlySpan<ValueKind> results) =>
        $"({Join(parameters)}) -> ({Join(results)})";

    static string Join(ReadOnlySpan<ValueKind> kinds)
    {
        var names = new string[kinds.Length];
        for (var i = 0; i < names.Length; i++)
            names[i] = kinds[i].Name;
        return string.Join(", ", names);
    }
}

/// <summary>Calls a function with exactly the arguments and results its signature has.</summary>
delegate void Invoker(Function function, ReadOnlySpan<Value> arguments, Span<Value> results);
