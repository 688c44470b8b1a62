using System.Threading.Tasks.Sources;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>A guest that calls itself some times and then waits some times, and its host, whose waits cost nothing themselves.</summary>
sealed class Rest : IValueTaskSource
{
    /// <summary><c>run(depth, times)</c>: <c>if depth { run(depth - 1, times) } else { do rest() while times-- }</c>.</summary>
    static readonly byte[] Binary = Convert.FromHexString(
        "0061736d010000000109026000006002" + "7f7f00020d0104686f73740472657374" + "000003020101070701037" + "2756e00010a21011f00" +
        "2000044020004101" + "6b2001100105034010002001" + "41016b22010d000b0b0b");

    readonly Func<int, int, ValueTask> _run;
    ManualResetValueTaskSourceCore<bool> _wait;
    bool _isWaiting;

    public Rest(CompileOptions options)
    {
        var linker = new Linker().Define("host", "rest", () =>
        {
            _wait.Reset();
            _isWaiting = true;
            return new ValueTask(this, _wait.Version);
        });
        _run = linker.Instantiate(new Store(), Module.Compile(Binary, options)).GetFunction<Func<int, int, ValueTask>>("run");
    }

    /// <summary>Runs to the end on this thread.</summary>
    public void Run(int depth, int times)
    {
        var call = _run(depth, times).AsTask();
        while (Continue())
        {
        }

        if (!call.IsCompletedSuccessfully) throw new InvalidOperationException("the guest waits for nothing");
    }

    /// <summary>Runs until it waits first.</summary>
    public Task BeginAsync(int depth) => _run(depth, 1).AsTask();

    /// <summary>Ends the wait, if there is one: the guest goes on until it waits again.</summary>
    public bool Continue()
    {
        if (!_isWaiting) return false;
        _isWaiting = false;
        _wait.SetResult(true);
        return true;
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
