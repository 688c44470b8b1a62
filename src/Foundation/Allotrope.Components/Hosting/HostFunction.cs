using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Allotrope.Components;

/// <summary>A delegate of the host as a component's function.</summary>
/// <param name="body">What is called.</param>
/// <param name="signature">Which of the component's types its parameters are.</param>
/// <param name="name">Interface and name, for messages.</param>
/// <param name="hostOf">The C# types of the resources in the component's type.</param>
sealed class HostFunction(Delegate body, Signature signature, string name, Func<ResourceType, Type?> hostOf) : ComponentFunction
{
    static readonly MethodInfo AwaitOpen = CoreTypes.Method(typeof(HostFunction), nameof(Await));
    static readonly MethodInfo BoxedOpen = CoreTypes.Method(typeof(HostFunction), nameof(BoxedOfAsync));

    internal Delegate Body { get; } = body;

    internal Signature Signature { get; } = signature;

    internal string Name { get; } = name;

    /// <summary>When it stands for a function of another component, what is called.</summary>
    internal ExportSite? Callee { get; init; }

    /// <summary>Whether there is generated code for calls of it.</summary>
    internal bool IsGenerated { get; init; } = true;

    internal override ComponentFunctionType Type => Signature.Type;

    internal override Type? HostTypeOf(ResourceType resource) => hostOf(resource);

    internal override void Call(InstanceState? caller, Func<object?[]> start, Action<object?> resolve)
    {
        var result = Run(caller, start());
        if (Signature.Waits)
            result = Wait(result!);
        resolve(Signature.Result?.FromHost(result));
    }

    /// <summary>A function that waits lets its caller's other threads run, where it has such.</summary>
    internal override GuestTask? Begin(InstanceState caller, ICallSide side, bool mayGoOn)
    {
        if (!mayGoOn || !Signature.Waits)
            return base.Begin(caller, side, mayGoOn);
        var result = Run(caller, side.Start())!;
        var task = result is ValueTask plain ? BoxedAsync(plain)
            : (Task<object?>)BoxedOpen.MakeGenericMethod(Signature.ResultType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [result], null)!;
        caller.Tasks.Loop.Resolve(caller, task, value => side.Resolve(Signature.Result?.FromHost(value)));
        return null;
    }

    object? Run(InstanceState? caller, object?[] arguments)
    {
        var given = new List<object?>();
        if (Signature.TakesState)
            given.Add(caller?.Root.HostState);
        for (var i = 0; i < arguments.Length; i++)
            given.Add(Signature.Parameters[i].ToHost(arguments[i]));
        return Body.GetType().GetMethod("Invoke")!.Invoke(Body, BindingFlags.DoNotWrapExceptions, null, [.. given], null);
    }

    static async Task<object?> BoxedAsync(ValueTask task)
    {
        await task;
        return null;
    }

    static async Task<object?> BoxedOfAsync<T>(ValueTask<T> task) => await task;

    /// <summary>The thread waits.</summary>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "the guest's call is synchronous: its thread waits")]
    object? Wait(object task)
    {
        if (task is not ValueTask plain)
            return AwaitOpen.MakeGenericMethod(Signature.ResultType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [task], null);
        plain.AsTask().GetAwaiter().GetResult();
        return null;
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "the guest's call is synchronous: its thread waits")]
    static object? Await<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
