using System.Threading.Channels;
using Allotrope.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Allotrope.Blobstore;

/// <summary>
/// The contents of a provider's objects, each a file with a random name that only the owner of the process can read. A file is written once and goes when
/// nothing uses it any more: no object has it, and nobody reads it.
/// </summary>
sealed class ContentFolder : IAsyncDisposable
{
    const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _path;
    readonly Lock _gate = new();
    readonly Dictionary<Guid, int> _uses = [];
    readonly Channel<(Guid File, long Bytes)> _unused = Channel.CreateUnbounded<(Guid, long)>(new UnboundedChannelOptions { SingleReader = true });
    readonly Task _removing;

    /// <param name="path">Made when missing.</param>
    /// <param name="capacity">Bytes of all files at most.</param>
    /// <param name="disk">On which it is.</param>
    public ContentFolder(string path, long capacity, Disk disk)
    {
        (_path, Room, Disk) = (path, new(capacity), disk);
        Directory.CreateDirectory(path, OwnerOnlyFile.Folder);
        disk.SyncFolder(Path.GetDirectoryName(path)!); // a file that is on disk is of no use in a folder that is not
        _removing = RemoveAsync();
    }

    /// <summary>For the bytes of all files.</summary>
    public Room Room { get; }

    public Disk Disk { get; }

    /// <summary>Takes what objects have into use, and removes all else: what was on its way when the node ended.</summary>
    public void Load(BlobState state)
    {
        lock (_gate)
        {
            foreach (var content in state.Containers.Values.SelectMany(container => container.Objects).Select(each => each.Content))
            {
                if (!_uses.TryGetValue(content.File, out var uses))
                    Room.Add(content.Size);
                _uses[content.File] = uses + 1;
            }
            foreach (var (file, content) in Files())
                if (content is not { } id || !_uses.ContainsKey(id))
                    File.Delete(file);
        }
    }

    /// <summary>A store that the record does not know has no contents; if there are some, the record is another one than theirs, and they must not be swept.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/>.</exception>
    public void CheckEmpty()
    {
        if (Files().Any(file => file.Content is not null))
            throw new FaultException(new Fault.Damaged(
                $"The folder {Place} of the data folder has contents of objects that the record does not know: restore the record that belongs to them, or move that folder away to begin without objects."));
    }

    /// <summary>A new file, for writing.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/> when the disk does not take it.</exception>
    public FileStream Create(Guid file)
    {
        try
        {
            return new(PathOf(file), new FileStreamOptions
            {
                Mode = System.IO.FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = FileMode,
            });
        }
        catch (Exception error) when (DiskFault.Covers(error))
        {
            throw DiskFault.Of("The disk takes no more objects", error);
        }
    }

    /// <summary>Whether the disk has room for bytes that are about to be written.</summary>
    public bool DiskTakes(int bytes) => Disk.Left(_path) >= bytes;

    /// <summary>Brings to disk which files there are.</summary>
    public void Sync() => Disk.SyncFolder(_path);

    /// <summary>The content is in use once more. Its bytes were taken before.</summary>
    public void Begin(BlobContent content)
    {
        lock (_gate)
            _uses[content.File] = _uses.GetValueOrDefault(content.File) + 1;
    }

    /// <summary>False when nothing has it in use any more: its file may be gone.</summary>
    public bool TryBegin(BlobContent content)
    {
        lock (_gate)
        {
            if (!_uses.TryGetValue(content.File, out var uses))
                return false;
            _uses[content.File] = uses + 1;
            return true;
        }
    }

    public void End(BlobContent content)
    {
        lock (_gate)
        {
            var left = _uses[content.File] - 1;
            if (left > 0)
            {
                _uses[content.File] = left;
                return;
            }
            _uses.Remove(content.File);
        }
        Remove(content.File, content.Size);
    }

    /// <summary>Deletes a file soon, and gives its bytes back then.</summary>
    public void Remove(Guid file, long bytes)
    {
        Room.Leave();
        if (!_unused.Writer.TryWrite((file, bytes)))
            Room.Left(0); // the provider is being stopped
    }

    /// <summary>For reading a content that is in use.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Damaged"/> when the file is not there, or of another length; <see cref="Fault.Exhausted"/> when it cannot be opened just now.
    /// </exception>
    public SafeFileHandle Open(BlobContent content)
    {
        try
        {
            var file = File.OpenHandle(PathOf(content.File), options: FileOptions.Asynchronous);
            if (RandomAccess.GetLength(file) == content.Size)
                return file;
            file.Dispose();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // told below
        }
        catch (Exception error) when (DiskFault.Covers(error))
        {
            throw DiskFault.Of("The object cannot be opened", error);
        }
        throw Damaged(content, "is missing or cut off");
    }

    /// <summary>The file of a content is not as it was written.</summary>
    /// <param name="content">Which.</param>
    /// <param name="how">What is wrong about it.</param>
    public FaultException Damaged(BlobContent content, string how) => new(new Fault.Damaged(
        $"The file {content.File:N} in {Place} of the data folder, which has the content of the object, {how}: restore the data folder from a backup."));

    /// <summary>Awaits the files that are being deleted.</summary>
    public async ValueTask DisposeAsync()
    {
        _unused.Writer.TryComplete();
        await _removing;
    }

    async Task RemoveAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // deleting a large file takes a while
        await foreach (var (file, bytes) in _unused.Reader.ReadAllAsync())
        {
            try
            {
                File.Delete(PathOf(file));
                Room.Left(bytes);
            }
            catch (Exception error) when (DiskFault.Covers(error))
            {
                Room.Left(0); // its bytes are still there, so they stay counted; the next start of the provider tries again
            }
        }
    }

    /// <summary>Within the data folder.</summary>
    string Place => $"{Path.GetFileName(Path.GetDirectoryName(_path))}/{Path.GetFileName(_path)}";

    IEnumerable<(string Path, Guid? Content)> Files() =>
        Directory.EnumerateFiles(_path).Select(file => (file, Guid.TryParseExact(Path.GetFileName(file), "N", out var id) ? id : (Guid?)null));

    string PathOf(Guid file) => Path.Combine(_path, file.ToString("N"));
}
