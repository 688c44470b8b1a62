using System.Text;
using Allotrope.Components;

namespace Allotrope.Wasi.Filesystem;

/// <summary>A guest's <c>directory-entry-stream</c>.</summary>
sealed class DirectoryEntryStream(DirectoryEntries entries) : IDirectoryEntryStream
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Result<DirectoryEntry?, ErrorCode> ReadDirectoryEntry()
    {
        while (true)
        {
            var next = entries.Next();
            if (!next.IsOk)
                return next.Error;
            if (next.Value is not { } entry)
                return default(DirectoryEntry?);
            if (entry.IsDots)
                continue;
            try
            {
                return new DirectoryEntry(entry.Type, Strict.GetString(entry.Name));
            }
            catch (DecoderFallbackException)
            {
                return ErrorCode.IllegalByteSequence; // that one; the next call goes on behind it
            }
        }
    }

    public void Dispose() => entries.Dispose();
}
