namespace Allotrope.Wasm;

/// <summary>What the code of a host function runs for: the delegate and, where it asks for it, the instance that imports it.</summary>
/// <param name="body">The delegate.</param>
/// <param name="wantsCaller">Whether its first parameter is the instance.</param>
/// <param name="type">What it is for guests.</param>
/// <param name="stub">The class of the code that calls it, which would be unloaded if nobody held it.</param>
/// <param name="caller">The instance that imports it.</param>
/// <param name="maySuspend">Whether that instance's code can be suspended in it.</param>
sealed class HostBinding(Delegate body, bool wantsCaller, FunctionType type, Type stub, Instance? caller = null, bool maySuspend = false)
{
    internal readonly Delegate Body = body;

    internal readonly Instance? Caller = caller;

    internal bool WantsCaller { get; } = wantsCaller;

    /// <summary>Whether it gives tasks.</summary>
    internal bool GivesTasks { get; init; }

    internal bool MaySuspend => maySuspend;

    /// <summary>The same delegate for another caller.</summary>
    internal HostBinding For(Instance instance, bool maySuspend) => new(Body, WantsCaller, Type, Stub, instance, maySuspend) { GivesTasks = GivesTasks };

    /// <summary>Another delegate of the same type.</summary>
    internal HostBinding With(Delegate body) => new(body, WantsCaller, Type, Stub) { GivesTasks = GivesTasks };

    /// <summary>Refuses a result that is no value of its type, before a guest takes it for one.</summary>
    internal static void CheckResult(object? value, HostBinding binding, int result)
    {
        var (wanted, method) = (binding.Type.Results[result], binding.Body.Method);
        if (!wanted.Accepts(value))
            throw new InvalidOperationException($"the host function {method} gave {value ?? "null"} where a guest expects {wanted}");
    }

    internal FunctionType Type { get; } = type;

    Type Stub { get; } = stub;
}
