using System.Security.Cryptography;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>A content on its way. Unless it is kept, its file goes when the upload ends.</summary>
sealed class Upload((string, string) owner, ContentFolder folder, Guid id) : Handle(owner)
{
    const string NoMore = "The disk takes no more of the object";

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly FileStream _file = folder.Create(id);
    long _length, _unsynced;
    bool _isKept, _isBroken;

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when bytes are missing before these; <see cref="Fault.Exhausted"/> without room for them.</exception>
    public async ValueTask AppendAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        CheckLength(offset);
        folder.Take(bytes.Length);
        try
        {
            await RandomAccess.WriteAsync(_file.SafeFileHandle, bytes, offset, cancellation);
        }
        catch (Exception error)
        {
            folder.Give(bytes.Length);
            if (error is IOException refused)
                throw DiskFault.Of(NoMore, refused);
            throw;
        }
        _hash.AppendData(bytes.Span);
        _length += bytes.Length;
        if ((_unsynced += bytes.Length) >= BlobstoreLimits.BytesPerSync)
            await SyncAsync();
    }

    /// <summary>Brings all of it to disk.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when <paramref name="size"/> is not what was appended.</exception>
    public async ValueTask<BlobContent> CompleteAsync(long size)
    {
        CheckLength(size);
        try
        {
            if (RandomAccess.GetLength(_file.SafeFileHandle) > _length)
                RandomAccess.SetLength(_file.SafeFileHandle, _length); // part of a piece that the disk did not take whole
            await SyncAsync();
            folder.Sync();
        }
        catch (IOException error)
        {
            throw DiskFault.Of(NoMore, error);
        }
        return new(id, _length, _hash.GetCurrentHash());
    }

    /// <summary>The file is an object's now, or may be.</summary>
    public void Keep() => _isKept = true;

    protected override void Release()
    {
        _file.Dispose();
        _hash.Dispose();
        if (!_isKept)
            folder.Remove(id, _length);
    }

    async ValueTask SyncAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // nobody else waits for the disk
        try
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (IOException error)
        {
            _isBroken = true; // the system says so once, and forgets what it could not write
            throw DiskFault.Of(NoMore, error);
        }
        _unsynced = 0;
    }

    void CheckLength(long expected)
    {
        if (_isBroken)
            throw new FaultException(new Fault.Damaged("The disk has lost part of the object, as it said before: begin again."));
        if (expected != _length)
            throw new FaultException(new Fault.Invalid("offset", $"{_length} bytes of the object have arrived, not {expected}: begin again."));
    }
}
