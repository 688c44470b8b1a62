using Allotrope.Conformance;
using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Tests.Filesystem;

/// <summary>
/// A directory that is granted, beside things that are not: <c>granted/</c> with <c>file</c> and <c>sub/inner</c>, and <c>secret</c> and <c>other/</c>
/// next to it.
/// </summary>
sealed class Sandbox : IDisposable
{
    readonly DirectoryInfo _world = Directory.CreateTempSubdirectory("allotrope-wasi-");

    public Sandbox(bool stepwise = false, bool isReadOnly = false, int descriptors = 100)
    {
        Directory.CreateDirectory(Host("sub"));
        Directory.CreateDirectory(Outside("other"));
        File.WriteAllText(Host("file"), "contents");
        File.WriteAllText(Host("sub/inner"), "inside");
        File.WriteAllText(Outside("secret"), "not for guests");
        Table = new FileTable(descriptors + 1, Time, CancellationToken.None);
        Root = Table.Preopen(new(Outside("granted"), "/") { Stepwise = stepwise, IsReadOnly = isReadOnly });
    }

    public ManualTime Time { get; } = new();

    public FileTable Table { get; }

    public Descriptor Root { get; }

    public string Host(string path) => Path.Combine(_world.FullName, "granted", path);

    public string Outside(string path) => Path.Combine(_world.FullName, path);

    public string Link(string name, string target)
    {
        File.CreateSymbolicLink(Host(name), target);
        return name;
    }

    public Descriptor Open(string path, DescriptorFlags flags = DescriptorFlags.Read, OpenFlags open = OpenFlags.None) =>
        Root.Open(PathFlags.SymlinkFollow, path, open, flags) is { IsOk: true, Value: var descriptor } ? descriptor : throw new FileNotFoundException(path);

    public void Dispose()
    {
        Table.Dispose();
        _world.Delete(recursive: true);
    }
}
