using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>The addresses of a name, when they are known.</summary>
sealed class ResolveAddressStream : IResolveAddressStream
{
    readonly SocketTable _table;
    readonly Task<IPAddress[]> _addresses;
    int _next;

    public ResolveAddressStream(SocketTable table, Task<IPAddress[]> addresses)
    {
        (_table, _addresses) = (table, addresses);
        table.Add(this);
    }

    public Result<IpAddress?, ErrorCode> ResolveNextAddress()
    {
        if (!_addresses.IsCompleted)
            return Result<IpAddress?, ErrorCode>.Fail(ErrorCode.WouldBlock);
        if (!_addresses.IsCompletedSuccessfully)
        {
            return Result<IpAddress?, ErrorCode>.Fail(
                _addresses.Exception?.InnerException is SocketException { SocketErrorCode: var code } ? SocketErrors.ToErrorCode(code) : ErrorCode.PermanentResolverFailure);
        }

        var addresses = _addresses.Outcome;
        return Result<IpAddress?, ErrorCode>.Ok(_next < addresses.Length ? Addresses.FromAddress(addresses[_next++]) : null);
    }

    public IPollable Subscribe() => new Pollable(new TaskWait(() => _addresses), _table.Stop);

    public void Dispose() => _table.Remove(this);
}
