using Allotrope.Components;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Filesystem;
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
        ("wasi:filesystem/", WasiGrants.Filesystem), ("wasi:sockets/", WasiGrants.Sockets),
    ];

    readonly WasiGrants _grants;

    public WasiLinker(WasiGrants grants)
    {
        _grants = grants;
        ErrorInterface.AddTo(Linker);
        PollInterface.AddTo(Linker, state => state.Polling);
        StreamsInterface.AddTo(Linker);
        if (grants.HasFlag(WasiGrants.Clocks))
            AddClocks();
        if (grants.HasFlag(WasiGrants.Random))
            AddRandom();
        if (grants.HasFlag(WasiGrants.Command))
            AddCommand();
        if (grants.HasFlag(WasiGrants.Filesystem))
            AddFilesystem(Linker, state => state);
        if (grants.HasFlag(WasiGrants.Sockets))
            AddSockets(Linker, state => state);
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

    void AddClocks()
    {
        MonotonicClockInterface.AddTo(Linker, state => state.MonotonicClock);
        WallClockInterface.AddTo(Linker, state => state.WallClock);
    }

    void AddRandom()
    {
        RandomInterface.AddTo(Linker, state => state.RandomSource);
        InsecureInterface.AddTo(Linker, state => state.RandomSource);
        InsecureSeedInterface.AddTo(Linker, state => state.RandomSource);
    }

    void AddCommand()
    {
        EnvironmentInterface.AddTo(Linker, state => state.Command);
        ExitInterface.AddTo(Linker, state => state.Command);
        StdinInterface.AddTo(Linker, state => state.Command);
        StdoutInterface.AddTo(Linker, state => state.Command);
        StderrInterface.AddTo(Linker, state => state.Command);
        TerminalInputInterface.AddTo(Linker);
        TerminalOutputInterface.AddTo(Linker);
        TerminalStdinInterface.AddTo(Linker, state => state.Command);
        TerminalStdoutInterface.AddTo(Linker, state => state.Command);
        TerminalStderrInterface.AddTo(Linker, state => state.Command);
    }

    /// <summary>Links <c>wasi:filesystem</c> for hosts with a state of their own. Which directories there are says <paramref name="wasi"/>.</summary>
    public static void AddFilesystem<TState>(ComponentLinker<TState> linker, Func<TState, WasiState> wasi)
    {
        Filesystem.TypesInterface.AddTo(linker, state => wasi(state).Filesystem);
        PreopensInterface.AddTo(linker, state => wasi(state).Filesystem);
    }

    /// <summary>Links <c>wasi:sockets</c> for hosts with a state of their own. Which addresses can be reached says <paramref name="wasi"/>.</summary>
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
}
