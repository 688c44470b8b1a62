using System.Buffers;

namespace Allotrope.Gateway;

/// <summary>
/// Where one connection's requests are encoded, one after the other. A small array stays with the connection, so that ordinary requests
/// allocate nothing; what outgrows it is rented and given back.
/// </summary>
sealed class ExchangeBuffer : IBufferWriter<byte>
{
    /// <summary>Bytes kept by an idle connection; a request of a browser with its headers fits.</summary>
    const int Kept = 2048;

    byte[] _own = new byte[Kept];
    byte[]? _rented;
    int _length;

    byte[] Array => _rented ?? _own;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => Array.AsMemory(0, _length);

    /// <summary>The bytes from <paramref name="start"/> on, to be patched.</summary>
    public Span<byte> From(int start) => Array.AsSpan(start, _length - start);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.Length - _length);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Array.AsSpan(_length);
    }

    /// <summary>Makes the memory ready for the next request. Nobody may still read what <see cref="Written"/> gave out.</summary>
    public void Reset()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        _length = 0;
    }

    /// <summary>Like <see cref="Reset"/> when somebody may still read: the memory is left to the collector.</summary>
    public void Abandon()
    {
        if (_rented is null)
            _own = new byte[Kept];
        _rented = null;
        _length = 0;
    }

    void Reserve(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed <= Array.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Array.Length * 2));
        Array.AsSpan(0, _length).CopyTo(larger);
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }
}
