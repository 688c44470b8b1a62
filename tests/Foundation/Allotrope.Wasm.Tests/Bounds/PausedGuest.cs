using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Bounds;

/// <summary>A guest on a thread of its own that counts in a global for ever; its functions 1 and 2 are there to be called.</summary>
sealed class PausedGuest : IDisposable
{
    readonly Global _counter;

    public PausedGuest(string code, CompileOptions options)
    {
        Store = new Store { Fuel = long.MaxValue };
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var module = new ModuleText().Import("host", "entered", "->").Global(ValueKind.I64, "i64.const 0", mutable: true, export: "counter")
            .Function(null, "->", "").Function(null, "->", code).Function("run", "->", "call 0 call 2").Compile(options);
        var instance = new Linker().Define("host", "entered", () => { entered.TrySetResult(); }).Instantiate(Store, module);
        _counter = instance.GetGlobal("counter");
        Running = Task.Factory.StartNew(instance.GetFunction<Action>("run"), TaskCreationOptions.LongRunning);
    }

    public Store Store { get; }

    public Task Running { get; }

    public long Counter => _counter.Value.AsInt64();

    /// <summary>Ends when the guest has counted further.</summary>
    public async Task PassAsync(long before)
    {
        while (Counter == before)
        {
            Assert.False(Running.IsCompleted);
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        Store.Interrupt();
        Store.Resume();
        Assert.ThrowsAny<Exception>(Running.Wait);
        Store.Dispose();
    }
}
