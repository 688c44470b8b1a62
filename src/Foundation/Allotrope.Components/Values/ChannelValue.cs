namespace Allotrope.Components;

/// <summary>
/// The readable end of a stream or future, held by the host, which can give it to a guest or dispose of it, but not read it. Once is enough.
/// </summary>
public sealed class ChannelValue : IDisposable
{
    readonly Channel _channel;
    bool _isGone;

    internal ChannelValue(Channel channel) => _channel = channel;

    /// <summary>Drops the end, unless it was given away: who writes is told that nobody reads any more.</summary>
    public void Dispose()
    {
        if (_isGone)
            return;
        _isGone = true;
        _channel.DropForHost();
    }

    /// <summary>What it is the end of.</summary>
    /// <exception cref="ObjectDisposedException">It was given away or disposed of before.</exception>
    internal Channel Channel
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            return _channel;
        }
    }

    /// <summary>The same for its new owner.</summary>
    /// <inheritdoc cref="Channel"/>
    internal Channel Give()
    {
        var channel = Channel;
        _isGone = true;
        return channel;
    }
}
