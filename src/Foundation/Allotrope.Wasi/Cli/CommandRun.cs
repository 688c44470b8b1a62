using Allotrope.Components;
using Allotrope.Wasi.Preview1;
using Allotrope.Wasm;

namespace Allotrope.Wasi.Cli;

/// <summary>Runs a command to its end: a component with <c>wasi:cli/run</c>, or a module of preview 1.</summary>
public static class CommandRun
{
    const string Run = "wasi:cli/run@0.2.";

    /// <summary>Most of a command runs once: it begins before it is compiled, and what runs often is compiled meanwhile.</summary>
    static readonly CompileOptions Once = new() { Tier = Tier.Tiered };

    /// <summary>Everything that a command can be granted; what is behind it is in its state.</summary>
    public const WasiGrants Everything = WasiGrants.Clocks | WasiGrants.Random | WasiGrants.Command | WasiGrants.Filesystem | WasiGrants.Sockets | WasiGrants.Http;

    /// <summary>Runs either, whichever the bytes are.</summary>
    /// <param name="binary">The component or module.</param>
    /// <param name="limits">Of the guest's store.</param>
    /// <param name="state">What it is granted. Stays the caller's.</param>
    /// <param name="stop">Stops the guest.</param>
    /// <returns>Its status: 0 for success.</returns>
    /// <exception cref="LinkException">It imports what is not there, or is no command.</exception>
    /// <exception cref="Trap">It trapped.</exception>
    /// <exception cref="ComponentTrap">It broke a rule of the Component Model.</exception>
    /// <exception cref="OperationCanceledException">It was stopped while it waited.</exception>
    public static async Task<uint> RunAsync(ReadOnlyMemory<byte> binary, StoreLimits limits, WasiState state, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var store = new Store(limits);
        await using var interrupt = stop.Register(store.Interrupt);
        var status = Component.IsComponent(binary.Span)
            ? RunComponent(store, Component.Compile(binary.Span, new ComponentOptions { Modules = Once }), state)
            : await RunModuleAsync(store, Module.Compile(binary.Span, Once), state);
        // What the guest wrote is seen even when it did not wait for it.
        await state.Stdout.BlockingFlush();
        await state.Stderr.BlockingFlush();
        return status;
    }

    /// <summary>Runs a module of preview 1 that exports <c>_start</c>.</summary>
    public static async ValueTask<uint> RunModuleAsync(Store store, Module module, WasiState state)
    {
        ArgumentNullException.ThrowIfNull(module);
        var linker = new Linker();
        new Preview1Host(state).AddTo(linker);
        var instance = linker.Instantiate(store, module);
        if (!instance.TryGetFunction("_start", out var start))
            throw new LinkException("the module is no command: it exports no function _start");
        try
        {
            await start.AsDelegate<Func<ValueTask>>()();
            return 0;
        }
        catch (GuestExitException exit)
        {
            return exit.Status;
        }
    }

    /// <summary>Runs a component that exports <c>wasi:cli/run</c>.</summary>
    public static uint RunComponent(Store store, Component component, WasiState state)
    {
        using var instance = new WasiLinker(Everything).Instantiate(store, component, state);
        var name = component.Type.Exports.Keys.FirstOrDefault(export => export.StartsWith(Run, StringComparison.Ordinal))
            ?? throw new LinkException("the component is no command: it does not export wasi:cli/run");
        try
        {
            return instance.GetInstance(name).GetFunction<Func<Result<Unit, Unit>>>("run")().IsOk ? 0u : 1u;
        }
        catch (GuestExitException exit)
        {
            return exit.Status;
        }
    }
}
