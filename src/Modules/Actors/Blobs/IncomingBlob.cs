using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi.Blobstore;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary>Part of an object on its way to the guest, as the object was when it was asked for.</summary>
/// <param name="reader">Open at the provider until this is disposed of.</param>
sealed class IncomingBlob(LinkedBlobs blobs, BlobLink link, string reader, long start, long length) : IIncomingValue
{
    bool _isOver, _isRead;

    public ulong Size() => (ulong)length;

    /// <summary>Its stream, which has the reader in the value's stead.</summary>
    public IInputStream Read()
    {
        _isRead = true;
        return new BlobInput(this, length) { Stop = blobs.Stop };
    }

    public async ValueTask<Result<ReadOnlyMemory<byte>, string>> ReadAllAsync()
    {
        try
        {
            var content = new byte[length];
            for (var read = 0; read < content.Length;)
            {
                var piece = await ReadAsync(read);
                piece.CopyTo(content.AsMemory(read));
                read += piece.Length;
            }
            return (ReadOnlyMemory<byte>)content;
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    /// <summary>The next piece from <paramref name="offset"/> on.</summary>
    /// <exception cref="FaultException">What the provider refuses.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(long offset)
    {
        var most = (int)Math.Min(length - offset, BlobCall.MostBytes);
        var bytes = (await link.AskAsync(new BlobOperation.Read(reader, start + offset, most))).Bytes;
        return bytes.Length == most
            ? bytes
            : throw new FaultException(new Fault.Damaged($"The provider gave {bytes.Length} bytes of the object where {most} are."));
    }

    /// <summary>Ends the reader: the guest has dropped it, or has all of it.</summary>
    public void End()
    {
        if (_isOver)
            return;
        _isOver = true;
        blobs.End();
        link.Say(new BlobOperation.Close(reader));
    }

    public void Dispose()
    {
        if (!_isRead)
            End();
    }
}
