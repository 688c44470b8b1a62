using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Allotrope.Wasi.Names;

/// <summary>Asks the system for the addresses of names, a few at a time: it holds a thread for each while it waits for others.</summary>
[SuppressMessage("Design", "CA1001", Justification = "a semaphore whose wait handle is never asked for holds nothing, and lookups end after whoever asked")]
public sealed class NameLookups
{
    /// <summary>At once for those who share this, who are not to keep others from theirs: a name's server may be theirs too, and never answer.</summary>
    internal const int Most = 4;

    /// <summary>At once in this process.</summary>
    static readonly SemaphoreSlim All = new(16);

    readonly SemaphoreSlim _own = new(Most);

    /// <summary>Gives the addresses of a name; the system's resolver.</summary>
    internal Func<string, Task<IPAddress[]>> Resolve { get; init; } = name => Dns.GetHostAddressesAsync(name);

    /// <exception cref="System.Net.Sockets.SocketException">There are none, or nobody says.</exception>
    public async Task<IPAddress[]> AskAsync(string name, CancellationToken cancellation)
    {
        await _own.WaitAsync(cancellation);
        try
        {
            await All.WaitAsync(cancellation);
        }
        catch
        {
            _own.Release();
            throw;
        }

        return await LookUpAsync(name).WaitAsync(cancellation);
    }

    /// <summary>Cannot be called off, and so counts until it is over even if nobody waits for it any more.</summary>
    async Task<IPAddress[]> LookUpAsync(string name)
    {
        try
        {
            return await Resolve(name);
        }
        finally
        {
            All.Release();
            _own.Release();
        }
    }
}
