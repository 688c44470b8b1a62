using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>Where core code has called a function of the Component Model in which it may have to wait.</summary>
/// <param name="Caller">Whose code it is; null when nobody knows.</param>
/// <param name="Type">The function's type.</param>
readonly record struct WaitSite(Instance? Caller, FunctionType Type)
{
    /// <summary>What the function returns while its guest leaves; nobody looks at it.</summary>
    internal Value Nothing => Type.Results.IsEmpty ? default : Value.Zero(Type.Results[0].Kind);

    /// <summary>Makes the guest leave the thread when the function returns.</summary>
    /// <param name="finish">Gives the function's result when the guest goes on.</param>
    /// <exception cref="ComponentTrap">It cannot.</exception>
    internal void Leave(Func<Value> finish)
    {
        if (!HostPause.TryBegin(Caller, Type, finish))
            throw new ComponentTrap("a guest cannot wait here: its code, or other code of its store, was not compiled to be suspended; compile all components with CompileOptions.Suspendable for all imports");
    }
}
