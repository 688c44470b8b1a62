using System.Buffers;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>Collects what a guest writes as an object's content.</summary>
/// <param name="most">Bytes it takes; one more fails the stream.</param>
/// <param name="held">Pay for them.</param>
sealed class BlobBody(int most, BlobHoldings held) : OutputStream
{
    ArrayBufferWriter<byte> _content = new();
    bool _closed;

    public ReadOnlyMemory<byte> Content => _content.WrittenMemory;

    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override int? Room() => Chunk;

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > most - _content.WrittenCount)
            throw new IOException($"an object holds at most {most} bytes");
        if (_closed)
            throw new IOException("the object has been finished or dropped");
        if (!held.TryTake(bytes.Length))
            throw new IOException("too many bytes of objects are being written or read at once");
        _content.Write(bytes);
    }

    /// <summary>Takes and holds no more. The guest may have the stream still.</summary>
    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        held.Give(_content.WrittenCount);
        _content = new();
    }

    protected override void BeginFlush()
    {
    }
}
