using System.Security.Cryptography;
using Allotrope.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore;

/// <summary>Reads a content, whatever becomes of the object meanwhile. What is read from its beginning to its end is compared with its digest.</summary>
sealed class BlobReader((string, string) owner, ContentFolder folder, BlobContent content, SafeFileHandle file) : Handle(owner)
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long _hashed;

    /// <param name="owner">Who reads.</param>
    /// <param name="folder">Where the content is.</param>
    /// <param name="content">In use already, for this reader.</param>
    public static BlobReader Open((string, string) owner, ContentFolder folder, BlobContent content)
    {
        try
        {
            return new(owner, folder, content, folder.Open(content));
        }
        catch
        {
            folder.End(content);
            throw;
        }
    }

    /// <exception cref="FaultException">
    /// <see cref="Fault.Invalid"/> outside of the content; <see cref="Fault.Damaged"/> when the file is not what was written.
    /// </exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long offset, int length, CancellationToken cancellation)
    {
        if (offset < 0 || offset > content.Size)
            throw new FaultException(new Fault.Invalid("offset", $"The object has {content.Size} bytes, none at {offset}."));
        var bytes = new byte[Math.Min(length, content.Size - offset)];
        for (var read = 0; read < bytes.Length;)
        {
            var now = await ReadAsync(bytes.AsMemory(read), offset + read, cancellation);
            read += now > 0 ? now : throw Damaged();
        }
        Compare(offset, bytes);
        return bytes;
    }

    protected override void Release()
    {
        file.Dispose();
        _hash.Dispose();
        folder.End(content);
    }

    async ValueTask<int> ReadAsync(Memory<byte> bytes, long offset, CancellationToken cancellation)
    {
        try
        {
            return await folder.Disk.ReadAsync(file, bytes, offset, cancellation);
        }
        catch (Exception error) when (DiskFault.Covers(error))
        {
            throw DiskFault.Of("The object cannot be read", error);
        }
    }

    void Compare(long offset, byte[] bytes)
    {
        if (offset != _hashed || bytes.Length == 0)
            return;
        _hash.AppendData(bytes);
        _hashed += bytes.Length;
        if (_hashed == content.Size && !_hash.GetCurrentHash().AsSpan().SequenceEqual(content.Digest.Span))
            throw Damaged();
    }

    FaultException Damaged() => folder.Damaged(content, "is not what was written");
}
