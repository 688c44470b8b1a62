using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Caching;

public sealed class CodeCacheTests : IDisposable
{
    readonly CacheWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_second_time_code_is_loaded()
    {
        Assert.False(_world.RunLoads());
        Assert.True(_world.RunLoads());
        Assert.Empty(_world.Problems);
    }

    [Fact]
    public void Folder_and_files_are_the_users_alone()
    {
        _world.RunLoads();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(_world.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(_world.OnlyFile));
    }

    [Fact]
    public void Another_module_has_an_entry_of_its_own()
    {
        _world.RunLoads();
        Assert.False(_world.RunLoads(binary: CacheWorld.Sample(7), expected: 7));
        Assert.Equal(2, _world.Files.Length);
    }

    [Fact]
    public void Other_data_is_run_by_the_same_code()
    {
        Assert.False(_world.RunLoads(binary: WithData("i32.const 8", 3), expected: 3));
        Assert.True(_world.RunLoads(binary: WithData("i32.const 8", 4), expected: 4));
        Assert.True(_world.RunLoads(binary: WithData("i32.const 8", 5, 1, 2, 3, 4), expected: 5));
        Assert.True(_world.RunLoads(binary: WithData("i32.const 16", 6), expected: 0));
        Assert.Single(_world.Files);
    }

    [Fact]
    public void Data_that_is_not_valid_is_refused_though_the_code_is_known()
    {
        _world.RunLoads(binary: WithData("i32.const 8", 3), expected: 3);
        Assert.Throws<InvalidModuleException>(() => _world.RunLoads(binary: WithData("i64.const 8", 3)));
        Assert.Throws<InvalidModuleException>(() => _world.RunLoads(binary: WithData("global.get 0", 3)));
    }

    [Fact]
    public void Fewer_segments_than_code_names_are_refused_though_the_code_is_known()
    {
        _world.RunLoads(binary: WithSegments(2), expected: 7);
        Assert.Throws<InvalidModuleException>(() => _world.RunLoads(binary: WithSegments(1), expected: 7));
        Assert.False(_world.RunLoads(binary: WithSegments(3), expected: 7));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Other_options_have_entries_of_their_own(bool fuel, bool deterministic)
    {
        _world.RunLoads();
        var options = new CompileOptions { Fuel = fuel, Deterministic = deterministic };
        Assert.False(_world.RunLoads(options));
        Assert.True(_world.RunLoads(options));
        Assert.True(_world.RunLoads());
    }

    [Fact]
    public void Code_that_is_split_has_entries_of_its_own()
    {
        _world.RunLoads();
        Assert.False(_world.RunLoads(new CompileOptions { SplitsAll = true }));
        Assert.False(_world.RunLoads(new CompileOptions { MethodLimit = MethodSize.Most with { Blocks = 500 } }));
        Assert.Equal(3, _world.Files.Length);
    }

    [Fact]
    public void Code_that_can_be_suspended_has_entries_of_its_own()
    {
        var options = new CompileOptions { Suspendable = SuspendableImports.All };
        _world.RunLoads();
        Assert.False(_world.RunLoads(options));
        Assert.False(_world.RunLoads(options with { SuspendsAll = true }));
        Assert.False(_world.RunLoads(options with { Suspendable = SuspendableImports.Of(("host", "ask")) }));
        Assert.True(_world.RunLoads(options));
    }

    [Fact]
    public void How_large_a_module_may_be_makes_no_difference()
    {
        _world.RunLoads();
        Assert.True(_world.RunLoads(new CompileOptions { MaxModuleBytes = 10_000 }));
    }

    [Fact]
    public void Loaded_code_pays_fuel_and_traps_as_compiled_code_does()
    {
        var binary = new ModuleText().Function("run", "i32->i32", "block loop local.get 0 i32.eqz br_if 1 local.get 0 i32.const 1 i32.sub local.set 0 br 0 end end i32.const 1 local.get 0 i32.div_s")
            .Build();
        var outcomes = new List<(long Fuel, TrapKind Kind, int Function)>();
        for (var round = 0; round < 2; round++)
        {
            var module = Module.Compile(binary, new CompileOptions { Fuel = true, Cache = _world.Open() });
            using var store = new Store { Fuel = 1000 };
            var trap = Assert.Throws<Trap>(() => new Linker().Instantiate(store, module).GetFunction<Func<int, int>>("run")(9));
            outcomes.Add((store.Fuel, trap.Kind, Assert.Single(trap.WasmStack).FunctionIndex));
        }

        Assert.Equal(outcomes[0], outcomes[1]);
        Assert.Equal(TrapKind.IntegerDivideByZero, outcomes[0].Kind);
    }

    [Fact]
    public void A_call_of_another_type_traps_whatever_the_types_numbers_were()
    {
        var binary = new ModuleText().Table(1).Elements(0, 0).Function(null, "i64->i32", "i32.const 1")
            .Function("run", "->i32", "f32.const 1 i32.const 0 call_indirect f32->i32").Build();
        for (var round = 0; round < 2; round++)
        {
            _ = FunctionType.Of([ValueKind.F64, ValueKind.F32], [ValueKind.I64]); // another number is given out
            var module = Module.Compile(binary, new CompileOptions { Cache = _world.Open() });
            var run = new Linker().Instantiate(new Store(), module).GetFunction<Func<int>>("run");
            Assert.Equal(TrapKind.IndirectCallTypeMismatch, Assert.Throws<Trap>(() => run()).Kind);
        }
    }

    [Fact]
    public void A_module_with_structs_is_compiled_each_time()
    {
        var binary = new ModuleText().Types("struct:i32").Function("run", "->i32", "i32.const 42 struct.new 0 struct.get 0 0").Build();
        for (var round = 0; round < 2; round++)
            Assert.Equal(42, CacheWorld.Run(Module.Compile(binary, new CompileOptions { Cache = _world.Open() })));
        Assert.Empty(_world.Files);
    }

    [Fact]
    public void An_invalid_module_leaves_no_entry()
    {
        var binary = new ModuleText().Function("run", "->i32", "i64.const 1").Build();
        for (var round = 0; round < 2; round++)
            Assert.Throws<InvalidModuleException>(() => Module.Compile(binary, new CompileOptions { Cache = _world.Open() }));
        Assert.Empty(_world.Files);
    }

    [Fact]
    public void Entries_used_longest_ago_go_when_there_are_too_many_bytes()
    {
        _world.RunLoads();
        var entry = new FileInfo(_world.OnlyFile).Length;
        var time = new SteppingTime();
        var options = new CodeCacheOptions { MaxBytes = 2 * entry + entry / 2, Time = time };
        var binaries = Enumerable.Range(100, 4).Select(CacheWorld.Sample).ToArray();
        Assert.False(_world.RunLoads(null, options, binaries[0], 100));
        Assert.False(_world.RunLoads(null, options, binaries[1], 101));
        Assert.True(_world.RunLoads(null, options, binaries[0], 100));
        Assert.False(_world.RunLoads(null, options, binaries[2], 102));
        Assert.False(_world.RunLoads(null, options, binaries[3], 103));
        Assert.Equal(3, _world.Files.Length); // the one just written is kept beside the two that have room
        Assert.True(_world.RunLoads(null, options, binaries[0], 100));
        Assert.False(_world.RunLoads(null, options, binaries[1], 101));
    }

    [Fact]
    public void What_a_process_left_unfinished_goes_after_an_hour()
    {
        _world.RunLoads();
        var left = Path.Combine(_world.Folder, "0123.4567.new");
        File.WriteAllBytes(left, [1, 2, 3]);
        _world.RunLoads(binary: CacheWorld.Sample(5), expected: 5);
        Assert.True(File.Exists(left));
        File.SetLastWriteTimeUtc(left, File.GetLastWriteTimeUtc(left).AddHours(-2));
        _world.RunLoads(binary: CacheWorld.Sample(6), expected: 6);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Many_threads_use_one_folder()
    {
        Parallel.For(0, 40, i =>
        {
            var number = i % 5;
            var module = Module.Compile(CacheWorld.Sample(number), new CompileOptions { Cache = new CodeCache(_world.Folder) });
            Assert.Equal(number, CacheWorld.Run(module));
        });
        Assert.Equal(5, _world.Files.Length);
        for (var number = 0; number < 5; number++) Assert.True(_world.RunLoads(binary: CacheWorld.Sample(number), expected: number));
    }

    [Fact]
    public void Loaded_code_of_a_dropped_module_is_unloaded()
    {
        _world.RunLoads();
        var code = LoadAndDrop();
        for (var round = 0; code.IsAlive && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive, "the module's code is still loaded");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    WeakReference LoadAndDrop()
    {
        var cache = _world.Open();
        var module = Module.Compile(CacheWorld.Binary, new CompileOptions { Cache = cache });
        Assert.Equal((CacheWorld.Answer, 1), (CacheWorld.Run(module), cache.Hits));
        return new WeakReference(module.Code.Code);
    }

    static UnixFileMode Mode(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    /// <summary>A second later each time it is asked.</summary>
    sealed class SteppingTime : TimeProvider
    {
        DateTimeOffset _now = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }

    static byte[] WithData(string place, params byte[] data) =>
        new ModuleText().Memory(1).Function("run", "->i32", "i32.const 8 i32.load8_u").BytesAt(place, data).Build();

    static byte[] WithSegments(int count)
    {
        var text = new ModuleText().Memory(1).DataCount(count)
            .Function("run", "->i32", "i32.const 8 i32.const 0 i32.const 1 memory.init 1 i32.const 8 i32.load8_u");
        for (var i = 0; i < count; i++)
            text.Passive(7);
        return text.Build();
    }
}
