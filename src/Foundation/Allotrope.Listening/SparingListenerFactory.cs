using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Allotrope.Listening;

/// <summary>
/// Kestrel's sockets, except that connections never take the last descriptors of the process: with none left a runtime cannot open a file,
/// accept on another listener or load code, and ends.
/// </summary>
sealed class SparingListenerFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    readonly SocketTransportFactory _sockets = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new SparingListener(await _sockets.BindAsync(endpoint, cancellationToken), loggers.CreateLogger<SparingListenerFactory>());
}
