using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Blobstore;

namespace Allotrope.Actors;

/// <summary>The names of a container's objects, a page of which is here. Those that come or go meanwhile may be among them or not.</summary>
sealed class LinkedNames(LinkedContainer container, BlobReply first) : IStreamObjectNames
{
    BlobReply _page = first;
    int _passed; // of the page

    bool IsOver => _passed == _page.Names.Count && _page.Next is null;

    /// <summary>Gives what is here, which may be fewer than asked for before the end.</summary>
    public async ValueTask<Result<(string[], bool), string>> ReadStreamObjectNames(ulong len)
    {
        if (await TurnAsync() is { } error)
            return error;
        var from = _passed;
        var read = Pass(len);
        return (_page.Names.Skip(from).Take(read).ToArray(), IsOver);
    }

    public async ValueTask<Result<(ulong, bool), string>> SkipStreamObjectNames(ulong num)
    {
        for (ulong skipped = 0; ; skipped += (ulong)Pass(num - skipped))
        {
            if (skipped == num || IsOver)
                return (skipped, IsOver);
            if (await TurnAsync() is { } error)
                return error;
        }
    }

    public void Dispose()
    {
    }

    int Pass(ulong most)
    {
        var passed = (int)Math.Min(most, (ulong)(_page.Names.Count - _passed));
        _passed += passed;
        return passed;
    }

    /// <summary>Goes on to the next page when this one is through; gives what went wrong.</summary>
    async ValueTask<string?> TurnAsync()
    {
        if (_passed < _page.Names.Count || _page.Next is not { } after)
            return null;
        var next = await container.NextAsync(after);
        if (!next.IsOk)
            return next.Error;
        (_page, _passed) = (next.Value, 0);
        return null;
    }
}
