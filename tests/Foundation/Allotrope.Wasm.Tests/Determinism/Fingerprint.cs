using System.Security.Cryptography;
using System.Text;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Determinism;

/// <summary>
/// What a set of deterministic guests did, as one hash for each: results, traps, fuel, memory and globals. The same on every machine, in every tier and
/// memory mode.
/// </summary>
static class Fingerprint
{
    const long Plenty = 20_000_000;

    /// <summary>Lines of name and hash.</summary>
    public static string Of(CompileOptions options) =>
        string.Concat(DeterministicGuests.All.Select(guest => $"{guest.Name} {Convert.ToHexStringLower(HashOf(guest.Module, options)[..8])}\n"));

    /// <summary>What each call did, in words.</summary>
    public static string LogOf(CompileOptions options)
    {
        var log = new StringBuilder();
        foreach (var (_, module) in DeterministicGuests.All)
            HashOf(module, options, log);
        return log.ToString();
    }

    static byte[] HashOf(ModuleText text, CompileOptions options) => HashOf(text, options, new StringBuilder());

    static byte[] HashOf(ModuleText text, CompileOptions options, StringBuilder log)
    {
        var before = log.Length;
        var module = text.Compile(options with { Deterministic = true, Fuel = true });
        using var store = new Store(new StoreLimits { MemoryPages = 40, TableElements = 100, HeapBytes = 1 << 20, StackBytes = 64 << 10 }) { Fuel = Plenty };
        var linker = new Linker().Define("host", "seen", (int value) => value * 3);
        var instance = linker.Instantiate(store, module);
        foreach (var export in module.Exports.Where(export => export.Type is ExternType.Func))
        {
            var function = instance.GetFunction(export.Name);
            var results = new Value[function.Type.Results.Length];
            foreach (var argument in new[] { 0, 1, 7, -1, int.MinValue })
            {
                store.Fuel = Plenty;
                var arguments = new Value[function.Type.Parameters.Length];
                Array.Fill(arguments, argument);
                log.Append(export.Name).Append(' ').Append(argument).Append(": ").Append(Outcome(() => function.Invoke(arguments, results)));
                foreach (var result in results)
                    log.Append(' ').Append(result.Kind == ValueKind.F32 ? BitConverter.SingleToInt32Bits(result.AsSingle())
                        : result.Kind == ValueKind.F64 ? BitConverter.DoubleToInt64Bits(result.AsDouble()).ToString() : result.ToString());
                log.Append(" fuel ").Append(store.Fuel).Append('\n');
            }
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(log.ToString(before, log.Length - before)));
        foreach (var export in module.Exports)
        {
            if (export.Type is ExternType.Memory)
                hash.AppendData(instance.GetMemory(export.Name).Span);
            if (export.Type is ExternType.Global)
                hash.AppendData(Encoding.UTF8.GetBytes(instance.GetGlobal(export.Name).Value.ToString()));
        }

        return hash.GetHashAndReset();
    }

    static string Outcome(Action call)
    {
        try
        {
            call();
            return "done";
        }
        catch (Trap trap)
        {
            return trap.Kind.ToString();
        }
    }
}
