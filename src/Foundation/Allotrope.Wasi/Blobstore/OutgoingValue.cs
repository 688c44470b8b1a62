using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>An object's content on its way from the guest: stored when it is finished, forgotten when it is dropped before.</summary>
public sealed class OutgoingValue : IOutgoingValue
{
    readonly BlobBody _body;
    Func<ReadOnlyMemory<byte>, Result<Unit, string>>? _store;
    bool _taken;

    /// <param name="most">Bytes it takes.</param>
    public OutgoingValue(int most)
        : this(most, new BlobHoldings(most))
    {
    }

    internal OutgoingValue(int most, BlobHoldings held) => _body = new BlobBody(most, held);

    public Result<IOutputStream, Unit> OutgoingValueWriteBody()
    {
        if (_taken)
            return default(Unit);
        _taken = true;
        return Result<IOutputStream, Unit>.Ok(_body);
    }

    /// <summary>Says where the content goes when it is finished; the last one said holds.</summary>
    public void Target(Func<ReadOnlyMemory<byte>, Result<Unit, string>> store) => _store = store;

    /// <summary>Stores the content, if it was said where.</summary>
    public Result<Unit, string> Finish() => _store is null ? default(Unit) : _store(_body.Content);

    public void Dispose()
    {
        _body.Close();
        _body.Dispose();
    }
}
