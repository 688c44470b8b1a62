using System.Security.Cryptography;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>A content on its way. Unless an object has it, its file goes when the upload ends.</summary>
sealed class Upload((string, string) owner, ContentFolder folder, Guid id) : Handle(owner)
{
    const string NoMore = "The disk takes no more of the object";

    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly FileStream _file = folder.Create(id);
    long _length, _unsynced;
    bool _isBroken;
    BlobContent? _content;

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when bytes are missing before these; <see cref="Fault.Exhausted"/> without room for them.</exception>
    public async ValueTask AppendAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        CheckLength(offset);
        if (_content is not null) // the record may have it as it is, even if it could not say so
            throw new FaultException(new Fault.Invalid("offset", $"The object is complete with {_length} bytes: begin another."));
        await folder.Room.TakeAsync(bytes.Length, cancellation);
        try
        {
            if (!folder.DiskTakes(bytes.Length))
                throw DiskFault.Full(NoMore);
            await folder.Disk.WriteAsync(_file.SafeFileHandle, bytes, offset, cancellation);
        }
        catch (Exception error)
        {
            folder.Room.Give(bytes.Length);
            if (DiskFault.Covers(error))
                throw DiskFault.Of(NoMore, error);
            throw;
        }
        _hash.AppendData(bytes.Span);
        _length += bytes.Length;
        if ((_unsynced += bytes.Length) >= BlobstoreLimits.BytesPerSync)
            await SyncAsync(() => folder.Disk.Sync(_file.SafeFileHandle));
    }

    /// <summary>Brings all of it to disk.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when <paramref name="size"/> is not what was appended.</exception>
    public async ValueTask<BlobContent> CompleteAsync(long size)
    {
        CheckLength(size);
        if (_content is { } complete)
            return complete;
        try
        {
            if (RandomAccess.GetLength(_file.SafeFileHandle) > _length)
                RandomAccess.SetLength(_file.SafeFileHandle, _length); // part of a piece that the disk did not take whole
        }
        catch (Exception error) when (DiskFault.Covers(error))
        {
            throw DiskFault.Of(NoMore, error);
        }
        await SyncAsync(() =>
        {
            folder.Disk.Sync(_file.SafeFileHandle);
            folder.Sync();
        });
        folder.Begin(_content = new(id, _length, _hash.GetCurrentHash()));
        return _content;
    }

    protected override void Release()
    {
        _file.Dispose();
        _hash.Dispose();
        if (_content is { } content)
            folder.End(content);
        else
            folder.Remove(id, _length);
    }

    async ValueTask SyncAsync(Action sync)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // nobody else waits for the disk
        try
        {
            sync();
        }
        catch (Exception error) when (DiskFault.Covers(error))
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
