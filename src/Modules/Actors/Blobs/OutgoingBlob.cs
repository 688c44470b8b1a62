using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi.Blobstore;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary>An object on its way from the guest: there when it is finished, forgotten when it is dropped before.</summary>
sealed class OutgoingBlob : IOutgoingValue
{
    readonly LinkedBlobs _blobs;
    readonly BlobOutput _body;
    readonly Lock _gate = new(); // the guest may drop it while the upload begins
    BlobLink? _link; // where it goes, once that is known
    (string Container, string Name)? _target;
    string? _upload;
    bool _isTaken, _isOver;

    public OutgoingBlob(LinkedBlobs blobs) => (_blobs, _body) = (blobs, new BlobOutput(this) { Stop = blobs.Stop });

    public Result<IOutputStream, Unit> OutgoingValueWriteBody()
    {
        if (_isTaken)
            return default(Unit);
        _isTaken = true;
        return Result<IOutputStream, Unit>.Ok(_body);
    }

    /// <summary>Says what it is to be; the last one said holds.</summary>
    public Result<Unit, string> Target(BlobLink link, string container, string name)
    {
        if (_upload is not null && link != _link)
            return $"The object is on its way through the link {_link!.Name} already: say what it is to be before it is written.";
        (_link, _target) = (link, (container, name));
        return default(Unit);
    }

    /// <summary>Makes it the object that it was said to be; of one of which nothing was said, nothing is made.</summary>
    public async ValueTask<Result<Unit, string>> FinishAsync()
    {
        if (_target is not var (container, name))
            return default(Unit);
        try
        {
            var size = await _body.CompleteAsync();
            var upload = await BeginAsync();
            await _link!.AskAsync(new BlobOperation.Commit(upload, size, container, name));
            _upload = null;
            return default(Unit);
        }
        catch (FaultException error)
        {
            return error.Fault.Message;
        }
    }

    /// <exception cref="FaultException">What the provider refuses.</exception>
    public async Task AppendAsync(long offset, ReadOnlyMemory<byte> bytes)
    {
        var upload = await BeginAsync(); // which may find the link first
        await _link!.AskAsync(new BlobOperation.Append(upload, offset, bytes));
    }

    public void Dispose()
    {
        string? begun;
        lock (_gate)
        {
            if (_isOver)
                return;
            (_isOver, begun) = (true, _upload);
        }
        _body.Close();
        _body.Dispose();
        _blobs.End();
        if (begun is not null)
            _link!.Say(new BlobOperation.Abandon(begun));
    }

    async ValueTask<string> BeginAsync()
    {
        _link ??= _blobs.OnlyLink ?? throw new FaultException(new Fault.Invalid("the object",
            "The component has several links for objects: it must say by write-data which container the object is for before it writes more than a little of it."));
        if (_upload is not null)
            return _upload;
        var begun = (await _link.AskAsync(new BlobOperation.Begin())).Id;
        lock (_gate)
        {
            _upload = begun;
            if (!_isOver)
                return begun;
        }
        _link.Say(new BlobOperation.Abandon(begun));
        return begun;
    }
}
