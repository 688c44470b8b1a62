using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>A host whose functions wait until the test answers. All goes on on the thread that answers.</summary>
sealed class Waits
{
    readonly Queue<TaskCompletionSource<long>> _open = [];

    public Waits() => Linker = new Linker()
        .Define("host", "ask", (int value) => Ask(value))
        .Define("host", "rest", () => Rest())
        .Define("host", "say", (int value) => Said.Add(value));

    public Linker Linker { get; }

    public List<int> Asked { get; } = [];

    public List<int> Said { get; } = [];

    public int Open => _open.Count;

    /// <summary>A module that imports <c>ask: i32->i32</c>, <c>rest</c> and <c>say: i32-></c> as functions 0 to 2.</summary>
    public static ModuleText Guest() =>
        new ModuleText().Import("host", "ask", "i32->i32").Import("host", "rest", "->").Import("host", "say", "i32->");

    public static CompileOptions Options { get; } = new() { Suspendable = SuspendableImports.All, Tier = Tier.Compiled };

    public Instance Start(ModuleText module, CompileOptions? options = null, Store? store = null) =>
        Linker.Instantiate(store ?? new Store(), module.Compile(options ?? Options));

    /// <summary>Ends the oldest wait.</summary>
    public void Answer(int value) => _open.Dequeue().SetResult(value);

    public void Fail(Exception failure) => _open.Dequeue().SetException(failure);

    public void Cancel() => _open.Dequeue().SetCanceled();

    async ValueTask<int> Ask(int value)
    {
        Asked.Add(value);
        return (int)await Wait();
    }

    async ValueTask Rest() => await Wait();

    Task<long> Wait()
    {
        var wait = new TaskCompletionSource<long>();
        _open.Enqueue(wait);
        return wait.Task;
    }
}
