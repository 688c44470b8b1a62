using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Control;

/// <summary>Makes requests on the bus of the node that runs on a data folder. Each exchange is a connection of its own, so it may be given up at any time.</summary>
/// <param name="path">The control socket.</param>
/// <param name="folder">The data folder, for the sentence that says where no node runs.</param>
public sealed class ControlClient(string path, string folder)
{
    /// <summary>Admission writes to disk and checks whole actors, so it may take longer than a call on the bus.</summary>
    static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>What the server may take on top of the request's own time to say that it timed out.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Sends a typed request and reads the typed reply.</summary>
    /// <exception cref="FaultException">The responder's fault, or <see cref="Fault.Unreachable"/> when no node runs.</exception>
    public async Task<TReply> RequestAsync<TRequest, TReply>(
        string subject, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TReply> replyType,
        TimeSpan? timeout = null, CancellationToken cancellation = default) where TRequest : class where TReply : class
    {
        var reply = await RequestAsync(new Message(subject, Payload.Of(request, requestType)), timeout, cancellation);
        return reply.Payload.As(replyType);
    }

    public async Task<Message> RequestAsync(Message request, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var time = timeout ?? RequestTimeout;
        using var late = new CancellationTokenSource(time + Grace);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await using var stream = await ConnectAsync(either.Token);
            return await ExchangeAsync(stream, new Frame.Request(request, time), either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultException(new Fault.TimedOut($"The node on {folder} did not answer {request.Subject} within {time.TotalSeconds:0.#} s."));
        }
        catch (IOException error)
        {
            throw new FaultException(Gone, error);
        }
    }

    /// <summary>Every message that matches from the moment the first is awaited, until the node stops or <paramref name="cancellation"/>.</summary>
    public async IAsyncEnumerable<Message> SubscribeAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var stream = await ConnectAsync(cancellation);
        await ExchangeAsync(stream, new Frame.Subscribe(pattern), cancellation);
        while (await FrameCodec.ReadAsync(stream, cancellation) is Frame.Delivery(var message))
            yield return message;
    }

    async Task<Message> ExchangeAsync(NetworkStream stream, Frame frame, CancellationToken cancellation)
    {
        await stream.WriteAsync(FrameCodec.Encode(frame), cancellation);
        return await FrameCodec.ReadAsync(stream, cancellation) switch
        {
            Frame.Reply(var message) => message,
            Frame.Failure(var fault) => throw new FaultException(fault),
            _ => throw new FaultException(Gone),
        };
    }

    async Task<NetworkStream> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            return new NetworkStream(await ControlSocket.ConnectAsync(path, cancellation), ownsSocket: true);
        }
        catch (SocketException error)
        {
            throw new FaultException(new Fault.Unreachable(
                $"No node is running on {folder}: start one with `allot up`, or name its folder with --data."), error);
        }
    }

    Fault.Unreachable Gone => new($"The node on {folder} stopped before it answered: see `allot status`.");
}
