using System.IO.Pipelines;

namespace Allotrope.Wasi.Http;

/// <summary>The body of a response as a guest reads it.</summary>
sealed class ResponseSource(HttpExchange exchange) : IBodySource
{
    const int Chunk = 16 * 1024;

    public PipeReader Reader { get; } = PipeReader.Create(new ResponseStream(exchange), new StreamPipeReaderOptions(bufferSize: Chunk));

    public IReadOnlyList<KeyValuePair<string, string>>? Trailers => exchange.Trailers;

    public void Abandon() => exchange.Dispose();
}
