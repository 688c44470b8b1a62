using Allotrope.Components;

namespace Allotrope.Wasi.Config;

/// <summary>The interface under the names and versions that it had before: the functions are the same.</summary>
public static class OlderInterfaces
{
    public static void AddTo<TState>(ComponentLinker<TState> linker, Func<TState, IStore> host)
    {
        StoreInterface.AddTo(linker, host, "wasi:config/store@0.2.0-draft");
        StoreInterface.AddTo(linker, host, "wasi:config/runtime@0.2.0-draft");
    }
}
