using System.Net.Sockets;
using Allotrope.Components;

namespace Allotrope.Wasi.Sockets;

/// <summary>The system's errors as WASI names them.</summary>
static class SocketErrors
{
    /// <summary>Does something with a socket, which may have been closed.</summary>
    public static Result<Unit, ErrorCode> Try(Action action)
    {
        try
        {
            action();
            return default(Unit);
        }
        catch (SocketException e)
        {
            return ToErrorCode(e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return ErrorCode.InvalidState;
        }
    }

    public static ErrorCode ToErrorCode(SocketError error) => error switch
    {
        SocketError.AccessDenied => ErrorCode.AccessDenied,
        SocketError.OperationNotSupported or SocketError.ProtocolNotSupported or SocketError.AddressFamilyNotSupported or SocketError.ProtocolOption => ErrorCode.NotSupported,
        SocketError.InvalidArgument or SocketError.Fault => ErrorCode.InvalidArgument,
        SocketError.NoBufferSpaceAvailable => ErrorCode.OutOfMemory,
        SocketError.TimedOut => ErrorCode.Timeout,
        SocketError.WouldBlock or SocketError.IOPending => ErrorCode.WouldBlock,
        SocketError.TooManyOpenSockets => ErrorCode.NewSocketLimit,
        SocketError.AddressNotAvailable => ErrorCode.AddressNotBindable,
        SocketError.AddressAlreadyInUse => ErrorCode.AddressInUse,
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.HostDown or SocketError.NetworkDown => ErrorCode.RemoteUnreachable,
        SocketError.ConnectionRefused => ErrorCode.ConnectionRefused,
        SocketError.ConnectionReset or SocketError.NetworkReset => ErrorCode.ConnectionReset,
        SocketError.ConnectionAborted or SocketError.OperationAborted => ErrorCode.ConnectionAborted,
        SocketError.MessageSize => ErrorCode.DatagramTooLarge,
        SocketError.HostNotFound or SocketError.NoData => ErrorCode.NameUnresolvable,
        SocketError.TryAgain => ErrorCode.TemporaryResolverFailure,
        SocketError.NoRecovery => ErrorCode.PermanentResolverFailure,
        SocketError.NotConnected or SocketError.IsConnected => ErrorCode.InvalidState,
        _ => ErrorCode.Unknown,
    };
}
