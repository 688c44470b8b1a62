using System.IO.Pipelines;
using Allotrope.Lattice;
using Allotrope.Wasi.Http;

namespace Allotrope.Actors;

/// <summary>The body of a request on the bus as a component reads it.</summary>
sealed class StreamSource(ByteStream stream) : IBodySource
{
    public PipeReader Reader => stream.Reader;

    public IReadOnlyList<KeyValuePair<string, string>>? Trailers => stream.Trailers;

    public void Abandon() => stream.Abandon();
}

/// <summary>The body that a component writes, as it goes over the bus.</summary>
sealed class StreamSink(ByteStream stream) : IBodySink
{
    public ByteStream Stream => stream;

    public PipeWriter Writer => stream.Writer;

    public void Complete(IReadOnlyList<KeyValuePair<string, string>>? trailers) => stream.Complete(trailers is { Count: > 0 } ? new Headers(trailers) : null);

    public void Fail(HttpFailure why) => stream.Fail(why);
}
