using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>One of the programs both engines run.</summary>
/// <param name="Name">A kernel's file in <c>kernels/</c> without its ending, or a program's in <c>programs/</c>.</param>
/// <param name="Measures">What its time mostly consists of.</param>
/// <param name="Size">What it is run with: chosen for some 20 ms a round.</param>
/// <param name="QuickSize">The same for a smoke run.</param>
sealed record Workload(string Name, string Measures, int Size, int QuickSize)
{
    public static IReadOnlyList<Workload> Kernels { get; } =
    [
        new("mix", "integer", 5_000_000, 10_000),
        new("sort", "memory", 250_000, 2_000),
        new("mandelbrot", "float", 400, 20),
        new("fib", "calls", 34, 15),
        new("dispatch", "indirect calls", 6_000_000, 10_000),
        new("sha256", "hash", 1 << 20, 4_096),
        new("mandelsimd", "SIMD float", 800, 20),
        new("matrix", "SIMD float and memory", 250, 2),
        new("blur", "SIMD bytes", 700, 2),
        new("chacha", "SIMD integer and shuffles", 120_000, 200),
        new("crc", "integer and table", 2_000, 10),
        new("sieve", "memory with strides", 6, 1),
        new("compare", "indirect calls, one target a loop", 50_000, 500),
    ];

    public static IReadOnlyList<Workload> Programs { get; } =
    [
        new("lua", "an interpreter's loop", 24, 1) { Package = "wasmoon/dist/glue.wasm", Source = "lua.lua", Host = Lua.Start },
        new("quickjs", "an interpreter's loop", 20, 1)
        {
            Package = "@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm", Source = "quickjs.js", Host = QuickJs.Start,
        },
        new("sqlite", "a database", 500, 1) { Package = "sql.js/dist/sql-wasm.wasm", Source = "sqlite.sql", Host = Sqlite.Start },
        new("brotli", "a compressor", 200, 1) { Package = "brotli-wasm/pkg.node/brotli_wasm_bg.wasm", Source = "brotli.txt", Host = Brotli.Start },
    ];

    /// <summary>Calls of a host function in a loop. Their times are given per call and are not part of the mean.</summary>
    public static IReadOnlyList<Workload> HostCalls { get; } =
        [new("hostcall", "a host call with one integer", 4_000_000, 10_000), new("hostfour", "a host call with four integers", 4_000_000, 10_000)];

    /// <summary>A program's file among the packages.</summary>
    public string? Package { get; init; }

    /// <summary>What a program reads: the script it runs, or words.</summary>
    public string? Source { get; init; }

    /// <summary>Gives a program what it imports, and what runs its script.</summary>
    public Func<Module, string, Func<int, int>>? Host { get; init; }

    public string ModulePath => Package is null ? InFolder("kernels", $"{Name}.wasm") : InFolder("programs", $"node_modules/{Package}");

    public string? SourcePath => Source is null ? null : InFolder("programs", Source);

    /// <summary>The program's host for node.</summary>
    public string? PeerPath => Source is null ? null : InFolder("programs", $"{Name}.mjs");

    public double KiB => new FileInfo(ModulePath).Length / 1024.0;

    static string InFolder(string folder, string file) => Path.Combine(AppContext.BaseDirectory, folder, file);
}
