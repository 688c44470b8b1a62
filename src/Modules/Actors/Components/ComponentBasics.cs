using Allotrope.Components;
using Allotrope.Wasi;
using Allotrope.Wasi.Config;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Logging;

namespace Allotrope.Actors;

/// <summary>
/// What every component has without a link, because it reaches nothing: its own log and settings, clocks, randomness, and an environment in which there is
/// nothing. Files and sockets are there although it gets none of either, because the standard libraries of most languages import them whether a program
/// uses them or not.
/// </summary>
static class ComponentBasics
{
    public static void AddTo(ComponentLinker<ComponentState> linker)
    {
        WasiLinker.AddIo(linker, state => state.Wasi);
        linker.Instance(PollInterface.Name)
            .Function("[method]pollable.block", async ValueTask (ComponentState state, IPollable self) => await state.PollAsync([self]))
            .Function("poll", (ComponentState state, IPollable[] pollables) => state.PollAsync(pollables));
        WasiLinker.AddClocks(linker, state => state.Wasi);
        WasiLinker.AddRandom(linker, state => state.Wasi);
        WasiLinker.AddCommand(linker, state => state.Wasi);
        WasiLinker.AddFilesystem(linker, state => state.Wasi);
        WasiLinker.AddSockets(linker, state => state.Wasi);
        StoreInterface.AddTo(linker, state => state.Config);
        LoggingInterface.AddTo(linker, state => state.Logging);
    }
}
