using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// The frames that one wait took from the thread, innermost first, and the values in them. Frames go on in the order in which they came, so both are
/// written and then read from the front.
/// </summary>
sealed class ParkedFrames
{
    ParkedFrame[] _frames = new ParkedFrame[4];
    long[] _numbers = new long[16];
    object?[] _references = [];
    int _frameCount, _numberCount, _referenceCount;
    int _nextFrame, _nextNumber, _nextReference;

    /// <summary>Bytes of what is still to go on.</summary>
    internal int Bytes => ((_frameCount - _nextFrame) * ParkedFrame.Bytes) + (sizeof(long) * (_numberCount - _nextNumber + _referenceCount - _nextReference));

    internal bool IsEmpty => _nextFrame == _frameCount;

    /// <summary>Those that have not gone on.</summary>
    internal ReadOnlySpan<ParkedFrame> Left => _frames.AsSpan(_nextFrame.._frameCount);

    internal void Add(ParkedFrame frame)
    {
        if (_frameCount == _frames.Length)
            Array.Resize(ref _frames, _frameCount * 2);
        _frames[_frameCount++] = frame;
    }

    internal ParkedFrame Next() => _frames[_nextFrame++];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(long number)
    {
        if (_numberCount == _numbers.Length)
            Array.Resize(ref _numbers, _numberCount * 2);
        _numbers[_numberCount++] = number;
    }

    internal void Write(object? reference)
    {
        if (_referenceCount == _references.Length)
            Array.Resize(ref _references, Math.Max(4, _referenceCount * 2));
        _references[_referenceCount++] = reference;
    }

    internal long ReadNumber() => _numbers[_nextNumber++];

    /// <summary>The collector sees it here no longer.</summary>
    internal object? ReadReference()
    {
        ref var place = ref _references[_nextReference++];
        var reference = place;
        place = null;
        return reference;
    }

    /// <summary>Forgets all, to be used again.</summary>
    internal void Clear()
    {
        Array.Clear(_frames, 0, _frameCount);
        Array.Clear(_references, 0, _referenceCount);
        (_frameCount, _numberCount, _referenceCount, _nextFrame, _nextNumber, _nextReference) = (0, 0, 0, 0, 0, 0);
    }
}
