using System.Collections.Concurrent;
using System.Globalization;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// The records of calls that trapped: the newest of each actor, one file each, owner-only, as they hold what the actor had in its memory. What is there
/// under its name is complete: it is written aside and renamed.
/// </summary>
/// <param name="folder">Made with the first record.</param>
/// <param name="time">Names the files and spaces them.</param>
public sealed class CallRecordFolder(string folder, TimeProvider time)
{
    const string Ending = ".record";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly ConcurrentDictionary<string, long> _last = new();

    /// <summary>Whether the actor may leave a record now; if so, the next only after <see cref="ActorLimits.RecordPause"/>.</summary>
    internal bool Admits(string workload)
    {
        var now = time.GetTimestamp();
        while (true)
        {
            if (_last.TryAdd(workload, now))
                return true;
            var last = _last[workload];
            if (time.GetElapsedTime(last, now) < ActorLimits.RecordPause)
                return false;
            if (_last.TryUpdate(workload, now, last))
                return true;
        }
    }

    /// <summary>Writes a record and removes the actor's oldest beyond <see cref="ActorLimits.Records"/>.</summary>
    /// <returns>Its path.</returns>
    internal string Keep(string workload, Func<DateTimeOffset, CallRecord> record)
    {
        var now = time.GetUtcNow();
        var bytes = record(now).ToArray();
        if (bytes.Length > ActorLimits.RecordBytes)
            throw new RecordException($"the record has {bytes.Length} bytes, and {ActorLimits.RecordBytes} are allowed");
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, $"{workload}.{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}{Ending}");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(path + ".new", options))
            file.Write(bytes);
        File.Move(path + ".new", path, overwrite: true);
        // By name is by time; another actor's name may begin as this one's and go on with a dash, but not with a dot.
        foreach (var old in Directory.GetFiles(folder, $"{workload}.*{Ending}").OrderDescending(StringComparer.Ordinal).Skip(ActorLimits.Records))
            File.Delete(old);
        return path;
    }
}
