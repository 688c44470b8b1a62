using System.Buffers;
using System.IO.Pipelines;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>An object's content on its way to the guest, as it was when it was asked for.</summary>
public sealed class IncomingValue(ReadOnlyMemory<byte> content) : IIncomingValue
{
    public ReadOnlyMemory<byte> Content => content;

    public ulong Size() => (ulong)content.Length;

    public IInputStream Read() => new PipeInput(PipeReader.Create(new ReadOnlySequence<byte>(content)));

    public void Dispose()
    {
    }
}
