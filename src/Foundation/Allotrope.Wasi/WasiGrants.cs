namespace Allotrope.Wasi;

/// <summary>What of WASI a component may import. Streams and pollables (<c>wasi:io</c>) come with everything: alone they reach nothing.</summary>
[Flags]
public enum WasiGrants
{
    None = 0,

    /// <summary><c>wasi:clocks</c>.</summary>
    Clocks = 1,

    /// <summary><c>wasi:random</c>.</summary>
    Random = 2,

    /// <summary><c>wasi:cli</c>: arguments, environment, standard streams and the end of the run, with what the state says of them.</summary>
    Command = 4,

    /// <summary><c>wasi:filesystem</c>, with the directories that the state says.</summary>
    Filesystem = 8,

    /// <summary><c>wasi:sockets</c>, with the addresses that the state says.</summary>
    Sockets = 16,

    /// <summary><c>wasi:http</c>, with the hosts that the state says.</summary>
    Http = 32,
}
