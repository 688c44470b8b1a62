using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Filesystem;

/// <summary>Writes a file from a place on, or at its end.</summary>
sealed class FileOutput : OutputStream
{
    readonly FileTable _table;
    readonly OpenFile _file;
    long? _offset;

    /// <param name="table">Counts it.</param>
    /// <param name="file">Its own.</param>
    /// <param name="offset">Null to append.</param>
    public FileOutput(FileTable table, OpenFile file, long? offset)
    {
        (_table, _file, _offset) = (table, file, offset);
        table.Add(this);
    }

    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override int? Room() => Chunk;

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = _offset is { } at ? _file.Write(bytes, at) : _file.Append(bytes);
            if (!count.IsOk)
                throw new FileException(count.Error);
            _offset += count.Value;
            bytes = bytes[count.Value..];
        }
    }

    // Written is written; what must survive a crash is the descriptor's sync.
    protected override void BeginFlush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _file.Dispose();
        _table.Remove(this);
    }
}
