using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Allotrope.Wasm;

/// <summary>
/// A call from the host that left the thread while a host function waits. Its frames are here; when there is a result the innermost goes on with it, and
/// each then gives its own to the next, as if it returned. One that waits again on its way takes only itself and what it called from the thread again.
/// </summary>
sealed partial class Suspension(Guard guard)
{
    readonly Stack<ParkedFrames> _parked = [];
    ParkedFrames? _spare;
    Pending? _pending;
    Exception? _failure;
    int _bytesBefore;

    /// <summary>Where a call gives what it has to who goes on with it.</summary>
    TwoNumbers _numbers;
    object? _reference;
    object? _tuple;

    /// <summary>What a deterministic guest has left of its stack.</summary>
    internal long StackLeft { get; set; }

    internal Guard Guard => guard;

    /// <summary>Whether it waits off the thread; the guard counts those.</summary>
    internal bool IsAway { get; set; }

    /// <summary>Nobody will end its wait: the store is no longer in use by it.</summary>
    [SuppressMessage("Design", "MA0055", Justification = "who forgets a call cannot dispose of it")]
    ~Suspension() => guard.CountAway(this, isAway: false);

    /// <summary>Bytes of all that is suspended: what the guest cannot have of the stack meanwhile.</summary>
    internal int Bytes => _bytesBefore + (_parked.TryPeek(out var last) ? last.Bytes : 0);

    /// <summary>Compiled code is about to leave the thread.</summary>
    internal void Begin(Pending pending)
    {
        _pending = pending;
        _bytesBefore = 0;
        foreach (var frames in _parked)
            _bytesBefore += frames.Bytes;
        if (_parked.TryPeek(out var last) && last.IsEmpty)
        {
            last.Clear();
            return;
        }

        _parked.Push(_spare ?? new ParkedFrames());
        _spare = null;
    }

    /// <summary>Goes on, as often as it must, until the call of the host ends.</summary>
    /// <typeparam name="T">What the task that the host has gives.</typeparam>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<T> FinishAsync<T>(Suspension suspension)
    {
        do
        {
            await suspension.Waiting;
            await suspension.Guard.WaitForPauseAsync();
            await suspension.Guard.WaitForTurnAsync(suspension);
            await suspension.Thread;
        }
        while (suspension.GoOn());
        return Take<T>(suspension);
    }

    /// <inheritdoc cref="FinishAsync{T}"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal static async ValueTask FinishAsync(Suspension suspension)
    {
        do
        {
            await suspension.Waiting;
            await suspension.Guard.WaitForPauseAsync();
            await suspension.Guard.WaitForTurnAsync(suspension);
            await suspension.Thread;
        }
        while (suspension.GoOn());
    }

    /// <summary>What it waits for.</summary>
    internal Pending? Pending => _pending;

    Awaiter Waiting => new(this);

    ChosenThread Thread => new(guard);

    /// <summary>Runs the guest on this thread.</summary>
    /// <returns>Whether it waits again.</returns>
    internal bool GoOn()
    {
        try
        {
            return Run();
        }
        catch (Trap trap) when (NoteLeft(trap))
        {
            throw;
        }
    }

    /// <summary>As a filter: to catch the trap and to throw it again would take stack in each of many guests that go on within one another.</summary>
    /// <returns>False.</returns>
    bool NoteLeft(Trap trap)
    {
        trap.Suspended ??= Left();
        return false;
    }

    [SuppressMessage("Usage", "CA1816", Justification = "the finalizer is for calls that never end")]
    bool Run()
    {
        var outer = guard.EnterAgain(this);
        try
        {
            TakePending();
            while (_parked.TryPeek(out var frames))
            {
                if (!frames.IsEmpty)
                {
                    GoOn(frames.Next());
                    if (guard.Unwinding != 0)
                    {
                        StackLeft = guard.StackLeft;
                        return true;
                    }

                    continue;
                }

                _parked.Pop();
                frames.Clear();
                _spare = frames;
            }

            if (_failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            return false;
        }
        finally
        {
            if (guard.Unwinding == 0)
                GC.SuppressFinalize(this);
            guard.LeaveAwaiting(outer);
        }
    }

    void TakePending()
    {
        var pending = _pending!;
        _pending = null;
        try
        {
            pending.Finish(this);
        }
        catch (GuestException thrown)
        {
            _failure = thrown; // a guest may catch it
        }
    }

    unsafe void GoOn(in ParkedFrame frame)
    {
        var code = (delegate*<Suspension, Instance, void>)frame.Instance.Code.Resumptions.AddressOf(frame.Function);
        _site = frame.Site;
        try
        {
            code(this, frame.Instance);
        }
        catch (GuestException thrown)
        {
            _failure = thrown;
        }
        catch (NullReferenceException fault)
        {
            throw HostFault.ToTrap(fault);
        }
        catch (HostFault fault)
        {
            HostFault.Rethrow(fault);
        }
    }

    /// <summary>The functions that were suspended and will never go on, for a trap to name.</summary>
    List<WasmFrame> Left()
    {
        var left = new List<WasmFrame>();
        foreach (var frames in _parked)
        {
            foreach (var frame in frames.Left)
            {
                if (left.Count == TrapStack.MostFrames)
                    return left;
                left.Add(frame.Instance.Module.Image.FrameOf(frame.Function, null));
            }
        }

        return left;
    }

    [InlineArray(2)]
    struct TwoNumbers
    {
        long _first;
    }

    readonly struct Awaiter(Suspension suspension) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => suspension._pending!.IsCompleted;

        public Awaiter GetAwaiter() => this;

        public void OnCompleted(Action continuation) => suspension._pending!.OnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => suspension._pending!.OnCompleted(continuation);

        /// <summary>What came of it is looked at when the store is entered.</summary>
        public void GetResult()
        {
        }
    }
}
