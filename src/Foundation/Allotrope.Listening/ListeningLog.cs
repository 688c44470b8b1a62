using System.Net;
using Microsoft.Extensions.Logging;

namespace Allotrope.Listening;

static partial class ListeningLog
{
    [LoggerMessage(1, LogLevel.Warning,
        "this process may have {Limit} files and sockets open and has few left: new connections to {Address} are closed until others end; " +
        "raise the limit (`ulimit -n`, or LimitNOFILE of its systemd unit) if so many are meant to be served")]
    public static partial void NoDescriptors(ILogger log, int limit, EndPoint address);
}
