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
    static readonly MethodInfo AwaitOpen = typeof(HostFunction).GetMethod(nameof(Await), BindingFlags.NonPublic | BindingFlags.Static)!;

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
        var arguments = start();
        var given = new List<object?>();
        if (Signature.TakesState)
            given.Add(caller?.Root.HostState);
        for (var i = 0; i < arguments.Length; i++)
            given.Add(Signature.Parameters[i].ToHost(arguments[i]));
        var result = Body.GetType().GetMethod("Invoke")!.Invoke(Body, BindingFlags.DoNotWrapExceptions, null, [.. given], null);
        if (Signature.Waits)
            result = Wait(result!);
        resolve(Signature.Result?.FromHost(result));
    }

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
