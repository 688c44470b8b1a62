using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>A folder of its own for a cache, what the cache said of it, and a module that uses calls of every sort.</summary>
sealed class CacheWorld : IDisposable
{
    public const int Answer = 42;

    readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("wasm-cache-");

    public CacheWorld()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Compiled code is kept on Linux only.");
        Folder = Path.Combine(_parent.FullName, "code");
    }

    public string Folder { get; }

    public List<string> Problems { get; } = [];

    public static byte[] Binary { get; } = Sample(Answer);

    public string[] Files => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal)] : [];

    public string OnlyFile => Assert.Single(Files);

    public CodeCache Open(CodeCacheOptions? options = null) => new(Folder, (options ?? new CodeCacheOptions()) with { OnProblem = Problems.Add });

    /// <summary>Compiles the module with a cache that knows nothing but the folder, runs it, and says whether its code was loaded.</summary>
    public bool RunLoads(CompileOptions? options = null, CodeCacheOptions? cacheOptions = null, byte[]? binary = null, int expected = Answer)
    {
        var cache = Open(cacheOptions);
        Assert.Equal(expected, Run(Module.Compile(binary ?? Binary, (options ?? CompileOptions.Default) with { Cache = cache })));
        Assert.Equal(1, cache.Hits + cache.Misses);
        return cache.Hits == 1;
    }

    public static int Run(Module module)
    {
        using var store = new Store { Fuel = 1000 };
        return new Linker().Define("host", "same", (int value) => value).Instantiate(store, module).GetFunction<Func<int>>("run")();
    }

    /// <summary>Gives its number after a direct call, an indirect one, one of the host, a loop and a store.</summary>
    public static byte[] Sample(int number) => new ModuleText().Import("host", "same", "i32->i32").Memory(1).Table(4).Elements(1, 1, 2)
        .Function(null, "i32->i32", "local.get 0 i32.const 1 i32.add")
        .Function(null, "i32,i32->i32", "local.get 0 local.get 1 i32.add")
        .Function("run", "->i32", $"""
            i32.const 8 i32.const {number - 3} call 1 call 0 i32.const 1 call_indirect i32->i32 i32.store
            i32.const 8 i32.load i32.const 1 i32.const 2 call_indirect i32,i32->i32
            """)
        .Build();

    public void Dispose() => _parent.Delete(recursive: true);
}
