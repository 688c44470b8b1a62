using Allotrope.Components;

namespace Allotrope.Wasi.Keyvalue;

/// <summary>A bucket as version 0.2.0-draft has it, whose keys are listed from a number on: how many were listed before.</summary>
sealed class DraftBucket(IBucket bucket) : IDisposable
{
    /// <summary>Where the newest page ended, for a guest that goes on from there.</summary>
    (ulong Passed, string Cursor)? _newest;

    public IBucket Bucket => bucket;

    public void Dispose() => bucket.Dispose();

    /// <summary>Of a position that this handle has not just given, all before it is listed again: the number is all there is to go by.</summary>
    public async ValueTask<Result<DraftKeys, Error>> ListKeysAsync(ulong? cursor)
    {
        var wanted = cursor ?? 0;
        var (passed, at) = _newest is { } newest && newest.Passed == wanted ? (wanted, newest.Cursor) : (0, (string?)null);
        while (true)
        {
            var listed = await bucket.ListKeys(at);
            if (!listed.IsOk)
                return listed.Error;
            var (keys, next) = listed.Value;
            var skipped = (int)Math.Min(wanted - passed, (ulong)keys.Length);
            passed += (ulong)keys.Length;
            if (passed > wanted || next is null)
            {
                _newest = next is null ? null : (passed, next);
                return new DraftKeys(keys[skipped..], next is null ? null : passed);
            }
            at = next;
        }
    }
}

/// <summary><c>key-response</c> of version 0.2.0-draft.</summary>
readonly record struct DraftKeys(string[] Keys, ulong? Cursor);
