using System.Diagnostics;
using Allotrope.Components;
using Allotrope.Conformance;
using Allotrope.Wasi.Cli;
using Allotrope.Wasm;

namespace Allotrope.Wasi.Tests.Cli;

/// <summary>Guests that wait hold no threads and little memory.</summary>
public class CrowdTests
{
    const int Guests = 5000;

    /// <summary>A program of C and of its library, each guest asleep in <c>wasi:io/poll</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Five_thousand_guests_sleep_on_few_threads_and_go_on()
    {
        var binary = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "guests", "command.wasm"), TestContext.Current.CancellationToken);
        var component = Allotrope.Components.Component.Compile(binary, new() { Modules = new() { Suspendable = SuspendableImports.All } });
        var run = component.Type.Exports.Keys.Single(export => export.StartsWith("wasi:cli/run@", StringComparison.Ordinal));
        var linker = new WasiLinker(CommandRun.Everything);
        var time = new ManualTime();
        List<IDisposable> held = [];
        _ = Begin(); // what is made once, such as the code, is not any guest's
        var (managed, resident) = (GC.GetTotalMemory(forceFullCollection: true), Resident());

        var sleepers = Enumerable.Range(0, Guests).Select(_ => Begin()).ToArray();

        Assert.All(sleepers, sleeper => Assert.False(sleeper.IsCompleted));
        using var process = Process.GetCurrentProcess();
        var (threads, each, all) = (process.Threads.Count, (GC.GetTotalMemory(forceFullCollection: true) - managed) / Guests, (Resident() - resident) / Guests);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Guests} guests asleep: {threads} threads of the process; each holds {each:N0} bytes of the host's heap, {all:N0} in all, its memory among them");
        Assert.InRange(threads, 1, 49);
        Assert.InRange(each, 0, 200 << 10);
        Assert.InRange(all, 0, 200 << 10);

        time.Advance(TimeSpan.FromSeconds(60));
        Assert.All(await Task.WhenAll(sleepers), result => Assert.True(result.IsOk));
        held.ForEach(one => one.Dispose());

        Task<Result<Unit, Unit>> Begin()
        {
            var state = new WasiState { Arguments = ["command", "sleep", "60000"], Time = time };
            var store = new Store();
            var instance = linker.Instantiate(store, component, state);
            held.AddRange([instance, store, state]);
            return instance.GetInstance(run).GetFunction<Func<ValueTask<Result<Unit, Unit>>>>("run")().AsTask();
        }
    }

    /// <summary>Bytes of this process that are in memory.</summary>
    static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
