using Allotrope.Components;
using Allotrope.Wasi;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Config;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Logging;

namespace Allotrope.Actors;

/// <summary>
/// What every component has without a link, because it reaches nothing: its own log and settings, clocks, randomness, and an environment in which there is
/// nothing.
/// </summary>
static class ComponentBasics
{
    const string Version = "@0.2.12";

    public static void AddTo(ComponentLinker<ComponentState> linker)
    {
        AddCommandLine(linker);
        AddClocks(linker);
        AddRandom(linker);
        StoreInterface.AddTo(linker, state => state.Config);
        LoggingInterface.AddTo(linker, state => state.Logging);
    }

    static void AddCommandLine(ComponentLinker<ComponentState> linker)
    {
        linker.Instance($"wasi:cli/environment{Version}")
            .Function("get-environment", (ComponentState state) => state.Wasi.Environment.Select(pair => (pair.Key, pair.Value)).ToArray())
            .Function("get-arguments", (ComponentState state) => state.Wasi.Arguments.ToArray())
            .Function("initial-cwd", (ComponentState state) => state.Wasi.InitialDirectory);
        linker.Instance($"wasi:cli/exit{Version}")
            .Function("exit", (Result<Unit, Unit> status) => Exit(status.IsOk ? 0u : 1u))
            .Function("exit-with-code", (byte statusCode) => Exit(statusCode));
        linker.Instance($"wasi:cli/stdin{Version}").Resource<IInputStream>("input-stream")
            .Function("get-stdin", (ComponentState state) => (IInputStream)state.Wasi.Stdin);
        linker.Instance($"wasi:cli/stdout{Version}").Resource<IOutputStream>("output-stream")
            .Function("get-stdout", (ComponentState state) => (IOutputStream)state.Wasi.Stdout);
        linker.Instance($"wasi:cli/stderr{Version}").Resource<IOutputStream>("output-stream")
            .Function("get-stderr", (ComponentState state) => (IOutputStream)state.Wasi.Stderr);
        linker.Instance($"wasi:cli/terminal-input{Version}").Resource<ITerminalInput>("terminal-input");
        linker.Instance($"wasi:cli/terminal-output{Version}").Resource<ITerminalOutput>("terminal-output");
        linker.Instance($"wasi:cli/terminal-stdin{Version}").Resource<ITerminalInput>("terminal-input")
            .Function("get-terminal-stdin", () => (ITerminalInput?)null);
        linker.Instance($"wasi:cli/terminal-stdout{Version}").Resource<ITerminalOutput>("terminal-output")
            .Function("get-terminal-stdout", () => (ITerminalOutput?)null);
        linker.Instance($"wasi:cli/terminal-stderr{Version}").Resource<ITerminalOutput>("terminal-output")
            .Function("get-terminal-stderr", () => (ITerminalOutput?)null);
    }

    static void AddClocks(ComponentLinker<ComponentState> linker)
    {
        linker.Instance($"wasi:clocks/monotonic-clock{Version}").Resource<IPollable>("pollable")
            .Function("now", (ComponentState state) => state.Monotonic.Now())
            .Function("resolution", (ComponentState state) => state.Monotonic.Resolution())
            .Function("subscribe-instant", (ComponentState state, ulong when) => state.Monotonic.SubscribeInstant(when))
            .Function("subscribe-duration", (ComponentState state, ulong when) => state.Monotonic.SubscribeDuration(when));
        linker.Instance($"wasi:clocks/wall-clock{Version}")
            .Function("now", (ComponentState state) => state.Wall.Now())
            .Function("resolution", (ComponentState state) => state.Wall.Resolution());
    }

    static void AddRandom(ComponentLinker<ComponentState> linker)
    {
        linker.Instance($"wasi:random/random{Version}")
            .Function("get-random-bytes", (ComponentState state, ulong len) => state.Random.GetRandomBytes(len))
            .Function("get-random-u64", (ComponentState state) => state.Random.GetRandomU64());
        linker.Instance($"wasi:random/insecure{Version}")
            .Function("get-insecure-random-bytes", (ComponentState state, ulong len) => state.Random.GetInsecureRandomBytes(len))
            .Function("get-insecure-random-u64", (ComponentState state) => state.Random.GetInsecureRandomU64());
        linker.Instance($"wasi:random/insecure-seed{Version}")
            .Function("insecure-seed", (ComponentState state) => state.Random.InsecureSeed());
    }

    static void Exit(uint status) => throw new GuestExitException(status);
}
