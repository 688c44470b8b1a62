using Allotrope.Kernel;

namespace Allotrope.Arteries;

/// <summary>Numbered files of lines, eight of which share the room there is: the oldest is deleted before the ninth is begun.</summary>
sealed class ArchiveFiles(string folder, long bytes) : IDisposable
{
    public const string Extension = ".intents";

    const int Files = 8;

    FileStream? _file;

    public void Write(ReadOnlySpan<byte> line)
    {
        if (_file is null || _file.Position + line.Length > bytes / Files)
            Begin();
        _file!.Write(line);
    }

    public void Flush() => _file?.Flush();

    public void Dispose() => _file?.Dispose();

    void Begin()
    {
        _file?.Dispose();
        Directory.CreateDirectory(folder, OwnerOnlyFile.Folder);
        var present = Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).ToList();
        foreach (var oldest in present.Take(Math.Max(0, present.Count - (Files - 1))))
            File.Delete(oldest);
        var last = present.Count > 0 && long.TryParse(Path.GetFileNameWithoutExtension(present[^1]), out var number) ? number : 0;
        _file = new FileStream(Path.Combine(folder, $"{last + 1:D10}{Extension}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
