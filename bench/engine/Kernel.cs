namespace Allotrope.Bench.Engine;

/// <summary>One of the programs both engines run.</summary>
/// <param name="Name">The file's name in <c>kernels/</c>, without its ending.</param>
/// <param name="Measures">What its time mostly consists of.</param>
/// <param name="Size">What <c>run</c> is called with: chosen for some 20 ms a round.</param>
/// <param name="QuickSize">The same for a smoke run.</param>
sealed record Kernel(string Name, string Measures, int Size, int QuickSize)
{
    public static IReadOnlyList<Kernel> All { get; } =
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
    ];

    /// <summary>Calls of a host function in a loop. Its time is given per call and is not part of the mean.</summary>
    public static Kernel HostCall { get; } = new("hostcall", "host calls", 4_000_000, 10_000);

    public string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "kernels", $"{Name}.wasm");
}
