using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>The addresses of a name, when they are known.</summary>
sealed class ResolveAddressStream : IResolveAddressStream
{
    readonly SocketTable _table;
    readonly string _name;
    readonly Task<IPAddress[]> _addresses;
    int _next;

    public ResolveAddressStream(SocketTable table, string name, Task<IPAddress[]> addresses)
    {
        (_table, _name, _addresses) = (table, name, addresses);
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
        if (_next == addresses.Length)
            return Result<IpAddress?, ErrorCode>.Ok(null);
        var address = addresses[_next++];
        _table.Tell(_name, address);
        return Result<IpAddress?, ErrorCode>.Ok(Addresses.FromAddress(address));
    }

    public IPollable Subscribe() => new Pollable(new TaskWait(() => _addresses), _table.Stop);

    public void Dispose() => _table.Remove(this);
}
