using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Filesystem;

/// <summary>Reads a file from a place on.</summary>
sealed class FileInput : InputStream
{
    readonly FileTable _table;
    readonly OpenFile _file;
    long _offset;

    public FileInput(FileTable table, OpenFile file, long offset)
    {
        (_table, _file, _offset) = (table, file, offset);
        table.Add(this);
    }

    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes)
    {
        var buffer = new byte[most];
        var count = _file.Read(buffer, _offset);
        if (!count.IsOk)
            throw new FileException(count.Error);
        _offset += count.Value;
        bytes = buffer.AsMemory(0, count.Value);
        return count.Value > 0 || most == 0;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _file.Dispose();
        _table.Remove(this);
    }
}
