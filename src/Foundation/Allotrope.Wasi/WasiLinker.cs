using Allotrope.Components;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Io;
using Allotrope.Wasi.Random;
using Allotrope.Wasi.Sockets;
using Allotrope.Wasm;

namespace Allotrope.Wasi;

/// <summary>Links components to as much of WASI as they were granted. What was not granted is not there, and who needs it is told so before anything runs.</summary>
public sealed class WasiLinker
{
    /// <summary>Which grant an interface belongs to.</summary>
    static readonly IReadOnlyList<(string Package, WasiGrants Grant)> Packages =
    [
        ("wasi:clocks/", WasiGrants.Clocks), ("wasi:random/", WasiGrants.Random), ("wasi:cli/", WasiGrants.Command),
        ("wasi:filesystem/", WasiGrants.Filesystem), ("wasi:sockets/", WasiGrants.Sockets), ("wasi:http/", WasiGrants.Http),
    ];

    readonly WasiGrants _grants;

    public WasiLinker(WasiGrants grants)
    {
        _grants = grants;
        AddIo(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Clocks))
            AddClocks(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Random))
            AddRandom(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Command))
            AddCommand(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Filesystem))
            AddFilesystem(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Sockets))
            AddSockets(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Http))
            AddHttp(Linker, state => state.HttpTypes, state => state.HttpRequests);
    }

    /// <summary>For interfaces of others. Filled before the first component is linked.</summary>
    public ComponentLinker<WasiState> Linker { get; } = new();

    /// <exception cref="LinkException">The component imports what is not granted, or what nobody offers.</exception>
    public void Check(Component component)
    {
        ArgumentNullException.ThrowIfNull(component);
        foreach (var import in component.Type.Imports.Keys)
        {
            var (_, grant) = Packages.FirstOrDefault(each => import.StartsWith(each.Package, StringComparison.Ordinal));
            if ((grant & ~_grants) != WasiGrants.None)
            {
#pragma warning disable CA1308 // a word of a sentence, not a key
                throw new LinkException($"the component imports {import}, which it was not granted: grant it \"{grant.ToString().ToLowerInvariant()}\" to let it.");
#pragma warning restore CA1308
            }
        }

        Linker.Check(component);
    }

    /// <summary>Makes an instance with what <paramref name="state"/> holds. The state is to be disposed of after the instance.</summary>
    /// <exception cref="LinkException">As <see cref="Check"/> says.</exception>
    public ComponentInstance Instantiate(Store store, Component component, WasiState state)
    {
        Check(component);
        return Linker.Instantiate(store, component, state);
    }

    /// <summary>Links <c>wasi:io</c> for hosts with a state of their own, as the methods below do with the rest of WASI.</summary>
    public static void AddIo<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        ErrorInterface.AddTo(linker);
        PollInterface.AddTo(linker, state => wasi(state).Polling);
        StreamsInterface.AddTo(linker);
    }

    /// <summary>Links <c>wasi:clocks</c>.</summary>
    public static void AddClocks<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        MonotonicClockInterface.AddTo(linker, state => wasi(state).MonotonicClock);
        WallClockInterface.AddTo(linker, state => wasi(state).WallClock);
    }

    /// <summary>Links <c>wasi:random</c>.</summary>
    public static void AddRandom<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        RandomInterface.AddTo(linker, state => wasi(state).RandomSource);
        InsecureInterface.AddTo(linker, state => wasi(state).RandomSource);
        InsecureSeedInterface.AddTo(linker, state => wasi(state).RandomSource);
    }

    /// <summary>Links <c>wasi:cli</c> but what the guest itself offers.</summary>
    public static void AddCommand<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        EnvironmentInterface.AddTo(linker, state => wasi(state).Command);
        ExitInterface.AddTo(linker, state => wasi(state).Command);
        StdinInterface.AddTo(linker, state => wasi(state).Command);
        StdoutInterface.AddTo(linker, state => wasi(state).Command);
        StderrInterface.AddTo(linker, state => wasi(state).Command);
        TerminalInputInterface.AddTo(linker);
        TerminalOutputInterface.AddTo(linker);
        TerminalStdinInterface.AddTo(linker, state => wasi(state).Command);
        TerminalStdoutInterface.AddTo(linker, state => wasi(state).Command);
        TerminalStderrInterface.AddTo(linker, state => wasi(state).Command);
    }

    /// <summary>Links <c>wasi:filesystem</c>. Which directories there are says <paramref name="wasi"/>.</summary>
    public static void AddFilesystem<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        Filesystem.TypesInterface.AddTo(linker, state => wasi(state).Filesystem);
        PreopensInterface.AddTo(linker, state => wasi(state).Filesystem);
    }

    /// <summary>Links <c>wasi:sockets</c>. Which addresses can be reached says <paramref name="wasi"/>.</summary>
    public static void AddSockets<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        NetworkInterface.AddTo(linker);
        InstanceNetworkInterface.AddTo(linker, state => wasi(state).SocketsHost);
        TcpInterface.AddTo(linker);
        TcpCreateSocketInterface.AddTo(linker, state => wasi(state).SocketsHost);
        UdpInterface.AddTo(linker);
        UdpCreateSocketInterface.AddTo(linker, state => wasi(state).SocketsHost);
        IpNameLookupInterface.AddTo(linker, state => wasi(state).SocketsHost);
    }

    /// <summary>Links <c>wasi:http</c> but the handler that a guest itself offers. Which hosts can be asked says <paramref name="requests"/>.</summary>
    public static void AddHttp<TState>(ComponentLinker<TState> linker, Func<TState, HttpTypes> types, Func<TState, IOutgoingHandler> requests)
    {
        Http.TypesInterface.AddTo(linker, types);
        OutgoingHandlerInterface.AddTo(linker, requests);
    }
}
