using Allotrope.Kernel;
using Microsoft.Data.Sqlite;

namespace Allotrope.Record;

/// <summary>The file of a record on disk: makes it, keeps other writers out, and opens connections to it.</summary>
sealed class RecordFile : IDisposable
{
    const int WouldBlock = 11; // EAGAIN, what flock(2) says when another process holds the lock

    readonly FileStream? _writerLock;
    readonly string _readers;

    RecordFile(string path, FileStream? writerLock)
    {
        Path = path;
        _writerLock = writerLock;
        _readers = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public string Path { get; }

    public static RecordFile ForWriting(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        SqliteLibrary.Load();
        var writerLock = Lock(path);
        try
        {
            if (!File.Exists(path))
                Create(path);
            return new RecordFile(path, writerLock);
        }
        catch (Exception error)
        {
            writerLock.Dispose();
            if (SqliteFault.Covers(error))
                throw SqliteFault.Of(error, path);
            throw;
        }
    }

    public static RecordFile ForReading(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        SqliteLibrary.Load();
        if (!File.Exists(path))
            throw new FaultException(new Fault.NotFound($"There is no record at {path}: name the data folder of a node that has been started once."));
        return new RecordFile(path, writerLock: null);
    }

    /// <summary>The one connection that writes. Each commit is on disk when it returns.</summary>
    public SqliteConnection OpenWriter()
    {
        var connection = Open(new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Execute("pragma synchronous = full");
        return connection;
    }

    /// <summary>A pooled connection that sees everything committed before its first statement.</summary>
    public SqliteConnection OpenReader() => Open(_readers);

    /// <summary>Closes the readers that are idle now, and those in use when they are given back.</summary>
    public void CloseReaders()
    {
        using var connection = new SqliteConnection(_readers);
        SqliteConnection.ClearPool(connection);
    }

    public void Dispose()
    {
        CloseReaders();
        _writerLock?.Dispose();
    }

    SqliteConnection Open(string description)
    {
        // SQLite makes a new database of an empty file; ours is never empty, so what it held is gone.
        if (new FileInfo(Path) is { Exists: true, Length: 0 })
            throw new FaultException(SqliteFault.Damaged(Path, "is empty"));
        var connection = new SqliteConnection(description);
        connection.Open();
        return connection;
    }

    /// <summary>
    /// Locks a file beside the record, not the record itself: closing any handle of a file drops the locks SQLite holds on it (fcntl(2)).
    /// The system releases the lock when the process ends, however it ends.
    /// </summary>
    static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            throw new FaultException(new Fault.Conflict(
                $"The record {path} is already open in another process: stop the node that uses this data folder, or choose another folder."), error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new FaultException(new Fault.Refused(
                $"The folder of the record {path} cannot be written ({error.Message}): make the folder and give the node's user the right to write there."), error);
        }
    }

    /// <summary>Makes the file under another name and renames it, so that a file of the right name is always whole.</summary>
    static void Create(string path)
    {
        if (File.Exists(path + "-wal"))
            throw new FaultException(SqliteFault.Damaged(path, $"is missing, though its log {path}-wal is there"));
        var draft = path + ".new";
        File.Delete(draft);
        new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
        using (var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = draft, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString()))
        {
            connection.Open();
            RecordSchema.Create(connection);
        }
        File.Move(draft, path);
    }
}
