using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What the first thread of a task does (Canonical ABI, <c>canon lift</c>).</summary>
sealed class LiftedRun(GuestTask task, GuestThread thread)
{
    readonly LiftedFunction _function = task.Function;
    readonly InstanceState _instance = task.Instance;
    readonly InstanceTasks _tasks = task.Instance.Tasks;

    internal IEnumerator<GuestThread?> Steps()
    {
        if (_function.Type.IsAsync && (task.IsHeldBack || _tasks.WaitingToEnter > 0))
        {
            _tasks.WaitingToEnter++;
            thread.Wait(() => !task.IsHeldBack, isCancellable: true);
            yield return null;
            _tasks.WaitingToEnter--;
            if (thread.IsCancelled)
            {
                task.Cancel();
                yield break;
            }
        }

        task.Enter(thread);
        var context = new AbiContext(_instance, _function.Options, thread.Scope);
        var arguments = Flat.ToValues(new Lowering(context).Values(task.Start(), _function.Parameters, CanonicalSignature.MostParameters), _function.Core.Type.Parameters);
        task.HasArguments = true;
        var results = new Value[_function.Core.Type.Results.Length];
        for (var call = new CoreCall(thread, _function.Core, arguments, results); !call.Run();)
            yield return thread.Next;
        if (!_function.Options.IsAsync)
        {
            Return(context, results);
        }
        else if (_function.Callback is { } callback)
        {
            for (var answer = CallbackAnswer.Of(results[0]); answer.Code != CallbackCode.Exit; answer = CallbackAnswer.Of(results[0]))
            {
                _tasks.Exclusive = null;
                var set = answer.Code == CallbackCode.Wait ? _instance.Handles.Get<WaitableSet>(answer.Set, WaitableSet.Name) : null;
                set?.Hold();
                var isCancelled = task.TryDeliverCancellation(isCancellable: true);
                if (!isCancelled)
                {
                    thread.Wait(() => _tasks.Exclusive is null && set is not { HasEvent: false }, isCancellable: true);
                    yield return null;
                    isCancelled = thread.IsCancelled;
                }

                var happened = isCancelled ? WaitEvent.Cancelled : set?.Take() ?? WaitEvent.None;
                set?.Release();
                _tasks.Exclusive = thread;
                for (var call = new CoreCall(thread, callback, happened.ToValues(), results); !call.Run();)
                    yield return thread.Next;
            }
        }

        task.Exit(thread);
    }

    void Return(AbiContext context, Value[] results)
    {
        var lifted = new Lifting(context, Flat.FromValues(results)).Values(_function.Results, CanonicalSignature.MostResults);
        task.Return(lifted.Length == 0 ? null : lifted[0]);
        if (_function.PostReturn is not { } postReturn)
            return;
        _instance.MayLeave = false;
        LiftedFunction.Invoke(postReturn, results, []);
        _instance.MayLeave = true;
    }
}
