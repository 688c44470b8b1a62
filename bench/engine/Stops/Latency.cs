using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>
/// How long a guest that never returns goes on after somebody wants it to stop: until <see cref="Store.Interrupt"/> has it out of its function, and until
/// <see cref="Store.PauseAsync"/> says that it rests. It loops over arithmetic, or copies 4 MiB at a time. node has neither.
/// What the machine itself takes, when its other work keeps threads off the processors, shows in a loop of .NET that is stopped by a flag.
/// </summary>
static class Latency
{
    const int WarmUps = 50;

    /// <summary>The guest runs for this long before it is stopped.</summary>
    static readonly TimeSpan Running = TimeSpan.FromMilliseconds(1);

    public static async Task<string> WriteAsync(bool quick)
    {
        var rounds = quick ? 20 : 1000;
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "kernels", "endless.wasm"));
        var plain = Module.Compile(bytes);
        var pausable = Module.Compile(bytes, new CompileOptions { Pausable = true });
        var text = new StringBuilder($"\n## Stopping\n\nMicroseconds until a guest that never returns has stopped, {rounds} times each. node has nothing of the kind.\nThe last row is what the machine itself takes: its other work keeps threads off the processors.\n\n");
        text.AppendLine("| what | the guest | p50 | p99 | longest |\n|---|---|--:|--:|--:|");
        foreach (var (guest, argument) in new[] { ("computes", 0), ("copies 4 MiB at a time", 1) })
        {
            Append("interrupt", guest, await InterruptAsync(plain, argument, rounds));
            Append("pause", guest, await PauseAsync(pausable, argument, rounds));
        }
        Append("a flag", "is a loop in .NET", await FlagAsync(rounds));
        return text.ToString();

        void Append(string what, string guest, List<double> times)
        {
            times.Sort();
            text.AppendLine($"| {what} | {guest} | {times[times.Count / 2]:0} | {times[times.Count * 99 / 100]:0} | {times[^1]:0} |");
        }
    }

    static async Task<List<double>> InterruptAsync(Module module, int argument, int rounds)
    {
        var times = new List<double>();
        for (var round = -WarmUps; round < rounds; round++)
        {
            using var store = new Store();
            var running = await StartAsync(store, module, argument);
            await Task.Delay(Running);
            var start = Stopwatch.GetTimestamp();
            store.Interrupt();
            var stopped = await running;
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(start, stopped).TotalMicroseconds);
        }
        return times;
    }

    static async Task<List<double>> PauseAsync(Module module, int argument, int rounds)
    {
        var times = new List<double>();
        using var store = new Store();
        var running = await StartAsync(store, module, argument);
        for (var round = -WarmUps; round < rounds; round++)
        {
            await Task.Delay(Running);
            var start = Stopwatch.GetTimestamp();
            await store.PauseAsync();
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            store.Resume();
        }
        store.Interrupt();
        await running;
        return times;
    }

    static async Task<List<double>> FlagAsync(int rounds)
    {
        var times = new List<double>();
        for (var round = -WarmUps; round < rounds; round++)
        {
            var stop = new StrongBox<bool>();
            var running = Task.Factory.StartNew(
                () =>
                {
                    while (!Volatile.Read(ref stop.Value))
                    {
                    }
                    return Stopwatch.GetTimestamp();
                },
                TaskCreationOptions.LongRunning);
            await Task.Delay(Running);
            var start = Stopwatch.GetTimestamp();
            Volatile.Write(ref stop.Value, true);
            var stopped = await running;
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(start, stopped).TotalMicroseconds);
        }
        return times;
    }

    /// <summary>A guest in its loop, on a thread of its own; the task ends with the time at which it was out of it.</summary>
    static async Task<Task<long>> StartAsync(Store store, Module module, int argument)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = new Linker().Define("host", "entered", () => { entered.SetResult(); }).Instantiate(store, module).GetFunction<Func<int, int>>("run");
        var running = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    run(argument);
                }
                catch (Trap)
                {
                }
                return Stopwatch.GetTimestamp();
            },
            TaskCreationOptions.LongRunning);
        await entered.Task;
        return running;
    }
}
