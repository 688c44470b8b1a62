using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Sockets;

/// <summary>A guest's <c>tcp-socket</c>. What takes time is begun by one call and ended by another; the guest waits for it by its pollable.</summary>
sealed partial class TcpSocket : ITcpSocket
{
    enum Phase
    {
        New,
        Binding,
        Bound,
        Connecting,
        Connected,
        Starting,
        Listening,
        Closed,
    }

    readonly SocketTable _table;
    readonly Socket _socket;
    readonly IpAddressFamily _family;
    Phase _phase;
    Task? _connecting;
    Task<Socket>? _accepting;
    int _backlog = 128;

    public TcpSocket(SocketTable table, Socket socket, IpAddressFamily family, bool isConnected = false)
    {
        (_table, _socket, _family) = (table, socket, family);
        _phase = isConnected ? Phase.Connected : Phase.New;
        table.Add(this);
    }

    public Result<Unit, ErrorCode> StartBind(INetwork network, IpSocketAddress localAddress)
    {
        var end = Addresses.ToEndPoint(localAddress);
        if (_phase != Phase.New)
            return ErrorCode.InvalidState;
        if (!Addresses.IsOf(end, _family))
            return ErrorCode.InvalidArgument;
        if (!_table.MayListen(end))
            return ErrorCode.AccessDenied;
        return SocketErrors.Try(() =>
        {
            _socket.Bind(end);
            _phase = Phase.Binding;
        });
    }

    public Result<Unit, ErrorCode> FinishBind() => Finish(Phase.Binding, Phase.Bound);

    public Result<Unit, ErrorCode> StartConnect(INetwork network, IpSocketAddress remoteAddress)
    {
        var end = Addresses.ToEndPoint(remoteAddress);
        if (_phase is not (Phase.New or Phase.Bound))
            return ErrorCode.InvalidState;
        if (!Addresses.IsOf(end, _family) || !Addresses.IsUnicast(end.Address) || end.Port == 0)
            return ErrorCode.InvalidArgument;
        if (!_table.MayConnect(end))
            return ErrorCode.AccessDenied;
        _phase = Phase.Connecting;
        _connecting = _socket.ConnectAsync(end, _table.Stop).AsTask();
        return default(Unit);
    }

    public Result<(IInputStream, IOutputStream), ErrorCode> FinishConnect()
    {
        if (_phase != Phase.Connecting)
            return ErrorCode.NotInProgress;
        if (!_connecting!.IsCompleted)
            return ErrorCode.WouldBlock;
        if (_connecting is { IsCompletedSuccessfully: false, Exception: var error })
        {
            _phase = Phase.Closed;
            return error?.InnerException is SocketException { SocketErrorCode: var code } ? SocketErrors.ToErrorCode(code) : ErrorCode.ConnectionAborted;
        }

        _phase = Phase.Connected;
        return Streams(_socket);
    }

    public Result<Unit, ErrorCode> StartListen()
    {
        if (_phase != Phase.Bound)
            return ErrorCode.InvalidState;
        return SocketErrors.Try(() =>
        {
            _socket.Listen(_backlog);
            _phase = Phase.Starting;
        });
    }

    public Result<Unit, ErrorCode> FinishListen() => Finish(Phase.Starting, Phase.Listening);

    public Result<(ITcpSocket, IInputStream, IOutputStream), ErrorCode> Accept()
    {
        if (_phase != Phase.Listening)
            return ErrorCode.InvalidState;
        var accepting = AcceptAsync();
        if (!accepting.IsCompleted)
            return ErrorCode.WouldBlock;
        if (_table.IsFull)
            return ErrorCode.NewSocketLimit; // the connection waits
        _accepting = null;
        if (!accepting.IsCompletedSuccessfully)
            return accepting.Exception?.InnerException is SocketException { SocketErrorCode: var code } ? SocketErrors.ToErrorCode(code) : ErrorCode.ConnectionAborted;
        var (input, output) = Streams(accepting.Outcome);
        ITcpSocket accepted = new TcpSocket(_table, accepting.Outcome, _family, isConnected: true);
        return (accepted, input, output);
    }

    public Result<IpSocketAddress, ErrorCode> LocalAddress() => _phase is Phase.New or Phase.Closed
        ? Result<IpSocketAddress, ErrorCode>.Fail(ErrorCode.InvalidState)
        : Address(_socket.LocalEndPoint);

    public Result<IpSocketAddress, ErrorCode> RemoteAddress() => _phase != Phase.Connected
        ? Result<IpSocketAddress, ErrorCode>.Fail(ErrorCode.InvalidState)
        : Address(_socket.RemoteEndPoint);

    public bool IsListening() => _phase == Phase.Listening;

    public IpAddressFamily AddressFamily() => _family;

    public Result<Unit, ErrorCode> Shutdown(ShutdownType shutdownType)
    {
        if (_phase != Phase.Connected)
            return ErrorCode.InvalidState;
        return SocketErrors.Try(() => _socket.Shutdown(shutdownType switch
        {
            ShutdownType.Receive => SocketShutdown.Receive,
            ShutdownType.Send => SocketShutdown.Send,
            _ => SocketShutdown.Both,
        }));
    }

    public IPollable Subscribe() => new Pollable(new TaskWait(() => _phase switch
    {
        Phase.Connecting => _connecting!,
        Phase.Listening => AcceptAsync(),
        _ => Task.CompletedTask,
    }), _table.Stop);

    Task<Socket> AcceptAsync() => _accepting ??= _socket.AcceptAsync(_table.Stop).AsTask();

    (IInputStream, IOutputStream) Streams(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        return (new PipeInput(PipeReader.Create(stream, new(leaveOpen: true))) { Stop = _table.Stop },
            new PipeOutput(PipeWriter.Create(stream, new(leaveOpen: true))) { Stop = _table.Stop });
    }

    static Result<IpSocketAddress, ErrorCode> Address(EndPoint? end) => end is IPEndPoint ip
        ? Result<IpSocketAddress, ErrorCode>.Ok(Addresses.FromEndPoint(ip))
        : Result<IpSocketAddress, ErrorCode>.Fail(ErrorCode.InvalidState);

    Result<Unit, ErrorCode> Finish(Phase from, Phase to)
    {
        if (_phase != from)
            return ErrorCode.NotInProgress;
        _phase = to;
        return default(Unit);
    }

    public void Dispose()
    {
        _phase = Phase.Closed;
        _socket.Dispose();
        // A connection that had come already is nobody's.
        if (_accepting is { } accepting)
            _ = accepting.ContinueWith(done => done.Outcome.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        _table.Remove(this);
    }
}
