using Allotrope.Components;
using Allotrope.Wasm;

namespace Allotrope.Bench.Components;

/// <summary>What it takes until a component can be called.</summary>
static class Starts
{
    /// <summary>Decoding, validating and compiling, in milliseconds; functions become machine code when they are first called.</summary>
    public static double Compile(string file, bool quick)
    {
        var binary = File.ReadAllBytes(file);
        return Measure.Once(() => Component.Compile(binary), quick);
    }

    /// <summary>The same with the code that an earlier process kept: each time by a cache that knows nothing but the folder.</summary>
    public static double FromCache(string file, bool quick)
    {
        var binary = File.ReadAllBytes(file);
        var folder = Directory.CreateTempSubdirectory("allotrope-bench-");
        try
        {
            CompileOnce();
            return Measure.Once(CompileOnce, quick);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void CompileOnce() => Component.Compile(binary, new ComponentOptions { Modules = CompileOptions.Default with { Cache = new CodeCache(folder.FullName) } });
    }

    /// <summary>An instance of a component that is compiled already, with its store, until its first call has returned; in milliseconds.</summary>
    public static double Instance(string file, bool quick)
    {
        var component = Component.Compile(File.ReadAllBytes(file));
        Begin(component);
        return Measure.Call(() => Begin(component), quick) / 1e6;
    }

    static void Begin(Component component)
    {
        using var store = new Store();
        new ComponentLinker<int>().Instantiate(store, component, 0).GetFunction<Func<uint, uint, uint>>("add")(1, 2);
    }
}
