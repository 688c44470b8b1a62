using System.Diagnostics;

namespace Allotrope.Conformance;

/// <summary>A file system of a few MiB that is mounted for a test: a real one, and soon full. Who may not mount skips the test.</summary>
public sealed class SmallDisk : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-disk-");

    public SmallDisk(int mebibytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "none", _folder.FullName))
            return;
        _folder.Delete();
        Assert.Skip("Only who may mount a file system can fill one: run the tests as root.");
    }

    public string Path => _folder.FullName;

    string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Leaves no room for another byte.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
                filler.Write(page);
        }
        catch (IOException)
        {
            // full
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _folder.Delete();
    }

    static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
