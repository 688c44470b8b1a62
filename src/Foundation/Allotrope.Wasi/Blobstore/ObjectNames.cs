using Allotrope.Components;

namespace Allotrope.Wasi.Blobstore;

/// <summary>The names of a container's objects as they were when it was asked, given some at a time.</summary>
public sealed class ObjectNames(string[] names) : IStreamObjectNames
{
    int _next;

    public ValueTask<Result<(string[], bool), string>> ReadStreamObjectNames(ulong len)
    {
        var read = names.AsSpan(_next, Advance(len)).ToArray();
        _next += read.Length;
        return ValueTask.FromResult<Result<(string[], bool), string>>((read, _next == names.Length));
    }

    public ValueTask<Result<(ulong, bool), string>> SkipStreamObjectNames(ulong num)
    {
        var skipped = Advance(num);
        _next += skipped;
        return ValueTask.FromResult<Result<(ulong, bool), string>>(((ulong)skipped, _next == names.Length));
    }

    public void Dispose()
    {
    }

    int Advance(ulong most) => (int)Math.Min(most, (ulong)(names.Length - _next));
}
