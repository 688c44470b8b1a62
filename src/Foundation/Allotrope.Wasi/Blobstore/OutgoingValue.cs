using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Blobstore;

/// <summary>An object's content on its way from the guest: stored when it is finished, forgotten when it is dropped before.</summary>
/// <param name="most">Bytes it takes.</param>
public sealed class OutgoingValue(int most) : IOutgoingValue
{
    readonly BlobBody _body = new(most);
    Func<ReadOnlyMemory<byte>, Result<Unit, string>>? _store;
    bool _taken;

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

    public void Dispose() => _body.Dispose();
}
