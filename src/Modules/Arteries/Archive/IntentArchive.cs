using System.Text;
using Allotrope.Artery;
using Allotrope.Contracts;
using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries;

/// <summary>
/// Writes the intents of a zone into files, for people to read later. Nothing is ever delivered from it: the core does not know that it is there, and
/// what comes faster than the disk takes it is left out.
/// </summary>
sealed class IntentArchive : IIntentTap, IAsyncDisposable
{
    readonly string _zone;
    readonly ILogger _log;
    readonly SeenIntents _seen = new();
    readonly ArchiveFiles _files;
    readonly Task _writing;
    volatile bool _failed;

    /// <param name="folder">Of this zone's files, made when it is not there.</param>
    /// <param name="bytes">Of all files together; the oldest goes when there are more.</param>
    public IntentArchive(string zone, string folder, long bytes, ILogger log)
    {
        (_zone, _log) = (zone, log);
        _files = new ArchiveFiles(folder, bytes);
        _writing = WriteAsync();
    }

    public bool IsWanted => !_failed;

    public void See(in Intent intent) => _seen.Add(intent);

    public async ValueTask DisposeAsync()
    {
        _seen.Complete();
        await _writing;
        _files.Dispose();
    }

    async Task WriteAsync()
    {
        await Task.Yield();
        try
        {
            while (await _seen.WaitAsync())
            {
                while (_seen.TryTake(out var seen))
                    _files.Write(IntentLines.Write(new IntentRecord(
                        _zone, seen.Origin.Name, seen.Name, Encoding.UTF8.GetString(PrimitiveJson.ToJson(seen.Data)), ArteryTime.ToTime(seen.Time),
                        seen.Sequence)));
                _files.Flush();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            CoreLog.NotArchived(_log, _zone, error.Message);
        }
    }
}
