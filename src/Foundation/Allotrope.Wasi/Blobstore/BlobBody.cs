using System.Buffers;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>Collects what a guest writes as an object's content.</summary>
/// <param name="most">Bytes it takes; one more fails the stream.</param>
sealed class BlobBody(int most) : OutputStream
{
    readonly ArrayBufferWriter<byte> _content = new();

    public ReadOnlyMemory<byte> Content => _content.WrittenMemory;

    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override int? Room() => Chunk;

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > most - _content.WrittenCount)
            throw new IOException($"an object holds at most {most} bytes");
        _content.Write(bytes);
    }

    protected override void BeginFlush()
    {
    }
}
