using System.Runtime.InteropServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Snapshots;

/// <summary>The same state is the same bytes in every tier and memory mode and on every processor, and another process goes on with it.</summary>
public sealed class SameBytesTests
{
    const string FolderVariable = "TEST_STATE_FOLDER";

    static readonly CompileOptions[] Modes =
    [
        new() { Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Explicit },
        new() { Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Automatic },
        new() { Tier = Tier.Interpreted },
    ];

    /// <summary>Numbers of all widths, vectors, objects, tables, growth, and a host that writes; it ends in a trap.</summary>
    static readonly ModuleText Guest = new ModuleText().Types("struct:mut_f64,mut_anyref,mut_i8").Types("array:mut_v128").Import("env", "fill", "i32->i64")
        .Memory(1, 8, export: "memory").Bytes(40, 1, 2, 3, 4, 5).Table(3, 20, export: "table").Elements(0, 1, 2)
        .Global(ValueKind.V128, "v128.const 1 2", mutable: true).Global(ValueKind.AnyRef, "ref.null any", mutable: true).Global(ValueKind.F32, "f32.const 0.1", mutable: true)
        .Function("next", "->i32", "i32.const 64 i32.const 64 i32.load i32.const 3 i32.mul i32.const 7 i32.add i32.store i32.const 64 i32.load")
        .Function("run", "i32->", """
            local.get 0 call 0 i64.const 5 i64.add i64x2.splat global.get 0 f32x4.mul global.set 0
            f64.const 0.1 f64.const 0.2 f64.add f64.const 0 f64.div global.get 1 i32.const 300 struct.new 0 global.set 1
            global.get 1 ref.cast 0 global.get 0 i32.const 3 array.new 1 struct.set 0 1
            global.get 2 f32.const 0.7 f32.mul global.set 2 ref.func 1 i32.const 5 table.grow 0 drop
            i32.const 2 memory.grow drop i32.const 131000 i32.const -1 i32.store call 1 drop
            i32.const 1 i32.const 0 i32.div_s drop
            """);

    [Fact]
    public void All_tiers_and_memory_modes_leave_the_same_bytes()
    {
        var (snapshot, record) = Leave(Modes[0]);
        foreach (var mode in Modes[1..])
        {
            var (otherSnapshot, otherRecord) = Leave(mode);
            Assert.Equal(snapshot, otherSnapshot);
            Assert.Equal(record, otherRecord);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Another_process_leaves_the_same_bytes_and_goes_on_with_these(string? without)
    {
        if (without is not null && RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Skip("The instruction sets are those of x64.");
        var folder = Directory.CreateTempSubdirectory("states");
        try
        {
            var (snapshot, record) = Leave(Modes[0]);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "snapshot"), snapshot, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "record"), record, TestContext.Current.CancellationToken);
            await RunAsync(folder.FullName, without);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Explicit = true)]
    public void In_another_process_the_bytes_are_the_same()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            Assert.Skip("A part of another test.");
            return;
        }

        var (snapshot, record) = (File.ReadAllBytes(Path.Combine(folder, "snapshot")), File.ReadAllBytes(Path.Combine(folder, "record")));
        foreach (var mode in Modes)
        {
            var (ownSnapshot, ownRecord) = Leave(mode);
            Assert.Equal(snapshot, ownSnapshot);
            Assert.Equal(record, ownRecord);
            var restored = Snapshot.Read(snapshot).Restore(new Store(), Compile(mode), Imports());
            Assert.Equal(28, restored.GetFunction<Func<int>>("next")());
            Assert.Equal(3u, restored.GetMemory("memory").PageCount);
            var outcome = Replay.Run(CallRecord.Read(record), Compile(mode));
            Assert.Null(outcome.Divergence);
            Assert.Equal(TrapKind.IntegerDivideByZero, Assert.IsType<Trap>(outcome.Thrown).Kind);
        }
    }

    static (byte[] Snapshot, byte[] Record) Leave(CompileOptions options)
    {
        var recorder = new Recorder();
        var instance = Imports().Instantiate(new Store { Fuel = 10_000_000 }, Compile(options), recorder);
        recorder.Begin();
        Assert.Equal(TrapKind.IntegerDivideByZero, Assert.Throws<Trap>(() => instance.GetFunction<Action<int>>("run")(3)).Kind);
        var record = recorder.End();
        return (Snapshot.Capture(instance).ToArray(), record.ToArray());
    }

    static Module Compile(CompileOptions options) => Guest.Compile(options with { Fuel = true, Deterministic = true });

    static Linker Imports() => new Linker().Define("env", "fill", (Instance caller, int count) =>
    {
        caller.GetMemory("memory").Span.Slice(1000, count).Fill(9);
        return 0x1234_5678_9abc_def0;
    });

    static Task RunAsync(string folder, string? without)
    {
        var environment = new Dictionary<string, string> { [FolderVariable] = folder };
        if (without is not null) environment[$"DOTNET_{without}"] = "0";
        return OwnProcess.RunExplicitAsync(typeof(SameBytesTests), nameof(In_another_process_the_bytes_are_the_same), environment);
    }
}
