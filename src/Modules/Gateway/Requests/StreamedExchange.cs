using System.Buffers;
using System.IO.Pipelines;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Allotrope.Gateway;

/// <summary>
/// A request to a component, whose bodies pass while both sides work:
/// <code>
/// client ──body──► pump ──► stream ──► component        each arrow waits for the next one, so that a body of any length
/// client ◄──body── copy ◄── stream ◄── component        takes no more memory than the streams hold
/// </code>
/// A client that leaves, or is cut off because it stalls, abandons the answer's stream, which tells the component's side.
/// </summary>
sealed class StreamedExchange(Exchange exchange, Route route, ILattice lattice, GatewayServices services)
{
    readonly IHttpResponseBodyFeature _response = exchange.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
    string? _cutOff; // why the client was

    /// <exception cref="FaultException">What failed; when <see cref="IHttpResponseFeature.HasStarted"/>, in the middle of the answer.</exception>
    public async ValueTask RunAsync(CancellationToken left)
    {
        var sent = exchange.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody ? new ByteStream() : null;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(left);
        var sending = sent is null ? Task.CompletedTask : SendAsync(sent, left, over.Token);
        try
        {
            await AnswerAsync(sent, left);
            await _response.CompleteAsync();
            await sending; // the component may take in the rest after it has answered
        }
        finally
        {
            // The connection's reader serves the next request, so nobody may use it after this.
            await over.CancelAsync();
            await sending;
        }
    }

    async ValueTask AnswerAsync(ByteStream? sent, CancellationToken left)
    {
        var request = new Message(route.Subject, Payload.Of(StreamedHead.Of(exchange.Request), ContractsJson.Default.HttpRequestHead)) { Body = sent };
        var reply = await lattice.RequestAsync(request, Timeout.InfiniteTimeSpan, left);
        try
        {
            StreamedHead.Put(reply.Payload.As(ContractsJson.Default.HttpResponseHead), exchange.Response);
            if (reply.Body is not { } body)
                return;
            if (HasNoBody)
            {
                await _response.CompleteAsync();
                await DrainAsync(body.Reader, left);
            }
            else
            {
                await CopyAsync(body, left);
            }
        }
        finally
        {
            reply.Body?.Abandon(_cutOff);
        }
    }

    bool HasNoBody => exchange.Request.Method == HttpMethods.Head || exchange.Response.StatusCode
        is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified;

    /// <summary>From the client to the component. Never throws: the component is told how it ended.</summary>
    /// <param name="to">The component's.</param>
    /// <param name="left">That the client has left.</param>
    /// <param name="cancellation">That, or that the exchange is over.</param>
    async Task SendAsync(ByteStream to, CancellationToken left, CancellationToken cancellation)
    {
        var reader = exchange.Features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        await using var stall = new StallWatch(services.Options.Limits.LongestStall, services.Clock, reader.CancelPendingRead);
        try
        {
            if (exchange.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null; // nothing is held
            while (true)
            {
                var read = await stall.OverAsync(reader.ReadAsync(cancellation));
                if (stall.IsOver)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    to.Fail(new IOException(TooSlow("sent")));
                    return;
                }
                foreach (var segment in read.Buffer)
                    to.Writer.Write(segment.Span);
                reader.AdvanceTo(read.Buffer.End);
                var flushed = await to.Writer.FlushAsync(cancellation);
                if (read.IsCompleted || flushed.IsCompleted)
                    break;
            }
            to.Complete(exchange.Features.Get<IHttpRequestTrailersFeature>() is { Available: true, Trailers: { Count: > 0 } trailers } ? HeadersOf(trailers) : null);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ConnectionAbortedException or BadHttpRequestException)
        {
            to.Fail(error switch
            {
                BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new IOException(TooSlow("sent"), error),
                BadHttpRequestException => new IOException($"the client's body broke off: {error.Message.TrimEnd('.')}", error),
                OperationCanceledException when !left.IsCancellationRequested => error, // the exchange is over, and not by the client's doing
                _ => new IOException("the client left before it had sent all of its body", error),
            });
        }
    }

    string TooSlow(string did) => $"the client {did} less than {services.Options.Limits.SlowestClient} bytes a second and was cut off";

    async ValueTask CopyAsync(ByteStream body, CancellationToken left)
    {
        var (from, writer) = (body.Reader, _response.Writer);
        await using var stall = new StallWatch(services.Options.Limits.LongestStall, services.Clock, writer.CancelPendingFlush);
        while (true)
        {
            var reading = from.ReadAsync(left);
            if (!reading.IsCompleted && !exchange.Response.HasStarted)
                await writer.FlushAsync(left); // so that the client sees the head before the body is there
            var read = await reading;
            if (read.IsCompleted)
                PutTrailers(body.Trailers); // before the last bytes, since trailers that are refused must not come behind what looks like a whole body
            foreach (var segment in read.Buffer)
                writer.Write(segment.Span);
            var any = !read.Buffer.IsEmpty;
            from.AdvanceTo(read.Buffer.End);
            // A body that comes with the head goes with the end of the answer. Behind a head that is gone, Kestrel leaves the last bytes of a body of known length.
            var isLeft = any && (!read.IsCompleted || exchange.Response.HasStarted);
            var flushed = isLeft ? await stall.OverAsync(writer.FlushAsync(left)) : default;
            if (stall.IsOver)
                throw new FaultException(new Fault.TimedOut(_cutOff = TooSlow("took")));
            if (flushed.IsCompleted && !read.IsCompleted)
                throw new OperationCanceledException(left);
            if (read.IsCompleted)
                return;
        }
    }

    static async ValueTask DrainAsync(PipeReader from, CancellationToken left)
    {
        while (await from.ReadAsync(left) is var read && !read.IsCompleted)
            from.AdvanceTo(read.Buffer.End);
    }

    /// <summary>HTTP/1.1 connections of Kestrel carry none; a client can do without them by definition.</summary>
    void PutTrailers(Headers? trailers)
    {
        if (trailers is not null && exchange.Features.Get<IHttpResponseTrailersFeature>() is { } feature)
            StreamedHead.PutTrailers(trailers, feature);
    }

    static Headers HeadersOf(IHeaderDictionary trailers) =>
        new([.. trailers.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))]);
}
