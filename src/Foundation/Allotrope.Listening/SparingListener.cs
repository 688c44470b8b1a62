using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace Allotrope.Listening;

/// <summary>Hands on the connections of a listener, and closes those that would take a descriptor that is spared.</summary>
sealed class SparingListener(IConnectionListener listener, ILogger log) : IConnectionListener
{
    /// <summary>Descriptors kept for files, for other listeners and for connections of the node's own.</summary>
    const int Spared = 64;

    bool _closing;

    public EndPoint EndPoint => listener.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await listener.AcceptAsync(cancellationToken) is { } connection)
        {
            if (Fits(connection))
                return connection;
            // awaited, so that a crowd of them takes one descriptor in all
            connection.Abort(new ConnectionAbortedException("The process has too few descriptors left."));
            await connection.DisposeAsync();
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    /// <summary>The system gives out the lowest free descriptor (man 2 open), so its number tells how many are in use.</summary>
    bool Fits(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket.SafeHandle is not SafeHandle handle)
            return true;
        var limit = OpenFiles.Limit;
        var fits = handle.DangerousGetHandle() < limit - Spared;
        if (!fits && !_closing)
            ListeningLog.NoDescriptors(log, limit, listener.EndPoint);
        _closing = !fits;
        return fits;
    }
}
