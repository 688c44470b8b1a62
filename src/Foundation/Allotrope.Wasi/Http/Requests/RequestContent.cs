using System.Net;

namespace Allotrope.Wasi.Http;

/// <summary>Sends a guest's body as it is written.</summary>
/// <param name="length">As the guest has announced; null for chunks.</param>
sealed class RequestContent(RequestBody body, ulong? length, HttpExchange exchange) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!body.TryBegin()) // some of it went over a connection that broke
            throw new HttpFailure(new ErrorCode.ConnectionTerminated());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, exchange.Over);
        try
        {
            while (true)
            {
                exchange.WaitForGuest();
                var read = await body.Reader.ReadAsync(either.Token);
                exchange.WaitForWrite();
                foreach (var part in read.Buffer)
                    await stream.WriteAsync(part, either.Token);
                body.Reader.AdvanceTo(read.Buffer.End);
                await stream.FlushAsync(either.Token);
                if (read.IsCompleted)
                    break;
            }
        }
        finally
        {
            exchange.WaitForAnswer(); // also when the peer wants no more of it
            body.Abandon();
            body.End();
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = (long)Math.Min(length ?? 0, long.MaxValue);
        return length is not null;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            body.Abandon();
    }
}
