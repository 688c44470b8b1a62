using System.Text;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary>A component's standard output or error: each line of it is a line of the workload's log.</summary>
sealed class LogOutput(LogRing log, string level) : OutputStream
{
    readonly byte[] _line = new byte[ActorLimits.TextBytes];
    int _length;

    public override bool Ready => true;

    public override ValueTask WaitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    protected override int? Room() => Chunk;

    protected override void Put(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            var kept = part[..Math.Min(part.Length, _line.Length - _length)]; // the rest of a line that is too long is cut off
            kept.CopyTo(_line.AsSpan(_length));
            _length += kept.Length;
            if (end < 0)
                return;
            Say();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>What has no end of line yet is said when the guest's call is over.</summary>
    public void Say()
    {
        var text = _line.AsSpan(0, _length).TrimEnd("\r"u8);
        _length = 0;
        if (!text.IsEmpty && log.Admit())
            log.Write(level, Encoding.UTF8.GetString(text));
    }

    protected override void BeginFlush()
    {
    }
}
