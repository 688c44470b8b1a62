using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary>Reads an object: one piece is here, the next on its way.</summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "asked for when it is over")]
sealed class BlobInput(IncomingBlob blob, long length) : InputStream
{
    ReadOnlyMemory<byte> _piece;
    Task<ReadOnlyMemory<byte>>? _next;
    long _taken; // of the object, the piece included
    bool _isDropped;

    public override bool Ready => !_piece.IsEmpty || IsOver || NextAsync().IsCompleted;

    bool IsOver => _isDropped || (_taken == length && _piece.IsEmpty);

    public override async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (!Ready)
            await ((Task)NextAsync().WaitAsync(cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    protected override bool TryTake(int most, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (IsOver)
        {
            blob.End();
            return false;
        }
        if (_piece.IsEmpty)
        {
            var next = NextAsync();
            if (!next.IsCompleted)
                return true;
            (_piece, _next) = (next.GetAwaiter().GetResult(), null);
            _taken += _piece.Length;
            if (_taken < length)
                _next = blob.ReadAsync(_taken); // while the guest works on this one
        }
        bytes = _piece[..Math.Min(most, _piece.Length)];
        _piece = _piece[bytes.Length..];
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _isDropped = true;
        blob.End();
    }

    Task<ReadOnlyMemory<byte>> NextAsync() => _next ??= blob.ReadAsync(_taken);
}
