namespace Allotrope.Wasm.Tests.Analysis;

/// <summary>What really happens is never more than what was predicted.</summary>
public sealed class SoundnessTests
{
    const int Modules = 150;

    const long Fuel = 20_000;

    [Fact]
    public void Whatever_random_guests_do_was_predicted()
    {
        var (bounded, calls) = (0, 0);
        for (var seed = 0; seed < Modules; seed++)
            Run(seed, HostConduct.Plain, ref bounded, ref calls);
        Assert.InRange(bounded, Modules, int.MaxValue); // it would prove nothing if nothing was predicted
        Assert.InRange(calls, Modules, int.MaxValue);
    }

    [Fact]
    public void So_it_is_when_imports_call_back()
    {
        var (bounded, calls) = (0, 0);
        for (var seed = 0; seed < Modules; seed++)
            Run(seed, HostConduct.Free, ref bounded, ref calls);
        Assert.InRange(calls, Modules, int.MaxValue);
    }

    static void Run(int seed, HostConduct host, ref int bounded, ref int calls)
    {
        var binary = new RandomGuest(new Random(seed)).Build();
        var analysis = ModuleAnalysis.Of(binary, host);
        var module = Module.Compile(binary, new CompileOptions { Fuel = true });
        foreach (var signals in analysis.Exports)
        {
            var called = new HashSet<string>();
            using var store = new Store(new StoreLimits { MemoryPages = 20, StackBytes = 64 << 10 });
            var instance = Linking(module, host, new Random(seed), called).Instantiate(store, module);
            store.Fuel = Fuel;
            var trap = Call(instance.GetFunction(signals.Name));
            var spent = Fuel - store.Fuel;
            var what = $"seed {seed}, {host}, {signals.Name}";
            Assert.True(called.IsSubsetOf(signals.Imports.Select(import => import.Name)), $"{what}: called {string.Join(',', called)}");
            Assert.True(signals.MostInstructions is not { } most || (ulong)spent <= most, $"{what}: {spent} instructions, {signals.MostInstructions} predicted");
            Assert.True(trap is null or TrapKind.FuelExhausted || signals.Traps.Contains(trap.Value), $"{what}: trapped with {trap}");
            if (signals.MostInstructions is < ExportSignals.MostUsefulInstructions)
                bounded++;
            calls += called.Count;
        }
    }

    /// <summary>Imports that note that they were called and, when they are free to, call an export.</summary>
    static Linker Linking(Module module, HostConduct host, Random random, HashSet<string> called)
    {
        var linker = new Linker();
        foreach (var (_, name, type) in module.Imports)
        {
            linker.Define("env", name, ((ExternType.Func)type).Type.Parameters switch
            {
                [] => Function.FromDelegate((Instance caller) => Enter(caller, name)),
                [var one] when one == ValueKind.I64 => Function.FromDelegate((Instance caller, long _) => Enter(caller, name)),
                _ => Function.FromDelegate((Instance caller, int value) =>
                {
                    Enter(caller, name);
                    return value;
                }),
            });
        }

        return linker;

        void Enter(Instance caller, string name)
        {
            called.Add(name);
            if (host == HostConduct.Free && random.Next(3) == 0)
                Call(caller.GetFunction($"f{random.Next(8)}"));
        }
    }

    static TrapKind? Call(Function function)
    {
        Value[] arguments = [.. function.Type.Parameters.Select(type => Value.FromBits(type.Kind, 3))];
        try
        {
            function.Invoke(arguments, new Value[function.Type.Results.Length]);
            return null;
        }
        catch (Trap trap)
        {
            return trap.Kind;
        }
    }
}
