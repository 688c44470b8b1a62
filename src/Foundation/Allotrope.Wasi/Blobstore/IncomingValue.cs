using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>An object's content on its way to the guest, as it was when it was asked for.</summary>
/// <param name="content">Of the object.</param>
/// <param name="dropped">Called once, when neither the value nor its stream is held any more.</param>
public sealed class IncomingValue(ReadOnlyMemory<byte> content, Action? dropped = null) : IIncomingValue
{
    bool _over;

    public ReadOnlyMemory<byte> Content => content;

    public ulong Size() => (ulong)content.Length;

    /// <summary>Its stream, which holds the content in the value's stead.</summary>
    public IInputStream Read()
    {
        _over = true;
        var once = dropped;
        return new BlobInput(content, () => Interlocked.Exchange(ref once, null)?.Invoke());
    }

    public void Dispose()
    {
        if (_over)
            return;
        _over = true;
        dropped?.Invoke();
    }
}
