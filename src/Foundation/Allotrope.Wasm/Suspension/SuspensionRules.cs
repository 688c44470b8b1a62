namespace Allotrope.Wasm;

/// <summary>
/// Whether guests of a store can be suspended. Frames that cannot leave the thread must never be between a host function that waits and the host: so as
/// soon as code that was not compiled for it may call a function of another instance, or of anybody through a reference, threads wait in the whole store.
/// </summary>
sealed class SuspensionRules
{
    readonly Instance _instance;
    readonly SuspendableImports _suspendable;
    readonly List<Import> _imports;

    internal SuspensionRules(Instance instance)
    {
        _instance = instance;
        // What is recorded or interpreted is not compiled for it.
        _suspendable = instance.Module.IsInterpreted || instance.Recorder is not null ? SuspendableImports.None : instance.Module.Options.Suspendable;
        var image = instance.Module.Image;
        _imports = [.. image.Imports.Where(import => import.Type is ExternType.Func)];
        if (_suspendable.IsNone && new References(image, HostConduct.Free).ComeFromOutside)
            instance.Guard.HoldsThreads = true;
    }

    /// <summary>Whether the module is suspended where the function it imports at that place waits.</summary>
    internal bool Contains(int import) => _suspendable.Contains(_imports[import].Module, _imports[import].Name);

    /// <summary>The instance imports the function at that place.</summary>
    internal void Note(int import, Function function)
    {
        if (function.Instance is not null && !Contains(import))
            _instance.Guard.HoldsThreads = true;
    }
}
