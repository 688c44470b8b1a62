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
    readonly CancellationTokenSource _wanted;
    readonly Task<IPAddress[]> _addresses;
    int _next;
    bool _isDropped;

    /// <param name="table">Counts it.</param>
    /// <param name="name">Whose.</param>
    /// <param name="ask">Asks for them, until the guest drops this.</param>
    public ResolveAddressStream(SocketTable table, string name, Func<CancellationToken, Task<IPAddress[]>> ask)
    {
        (_table, _name) = (table, name);
        _wanted = CancellationTokenSource.CreateLinkedTokenSource(table.Stop);
        _addresses = ask(_wanted.Token);
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

    public void Dispose()
    {
        if (_isDropped)
            return;
        _isDropped = true;
        _wanted.Cancel();
        _wanted.Dispose();
        _table.Remove(this);
    }
}
