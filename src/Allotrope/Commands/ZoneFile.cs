using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>A file with zones: a compose file, or a blueprint with components of type <c>zone</c>.</summary>
/// <param name="Draft">To be signed and applied.</param>
/// <param name="KeyFile">Where the compose file says the key lies, as a path; <see langword="null"/> when it does not say.</param>
sealed record ZoneFile(BlueprintDraft Draft, string? KeyFile)
{
    static readonly string[] ComposeNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

    public IReadOnlyList<ZoneManifest> Zones => [.. Draft.Blueprint.Components.Select(component => component.Zone).OfType<ZoneManifest>()];

    /// <summary>The services that a compose file has a command for.</summary>
    public IReadOnlyList<ComposeProgram> Programs { get; init; } = [];

    /// <summary>The services of its zones that somebody else has to start.</summary>
    public IReadOnlyList<string> WithoutProgram { get; init; } = [];

    public bool IsCompose { get; init; }

    /// <summary>The folder it lies in.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(Draft.File))!;

    /// <param name="path">A file, or a folder with a compose file or a blueprint.</param>
    /// <param name="engine">What a manifest that is no blueprint is written for.</param>
    /// <exception cref="FaultException">
    /// <see cref="Fault.NotFound"/> when there is no such file; <see cref="Fault.Invalid"/> for all that is wrong with it, or when it has no zone.
    /// </exception>
    public static async Task<ZoneFile> LoadAsync(string path, string engine, CancellationToken cancellation)
    {
        var file = await LoadAsync(path, [.. ComposeNames, BlueprintDraft.FileName], engine, cancellation);
        return file.Zones.Count > 0
            ? file
            : throw new FaultException(new Fault.Invalid(
                file.Draft.File, $"{file.Draft.File} is a blueprint without a component of type 'zone': `allot apply` applies it."));
    }

    /// <summary>The same for a file that need not have a zone; of a folder that has both, the blueprint.</summary>
    public static Task<ZoneFile> LoadAnyAsync(string path, CancellationToken cancellation) =>
        LoadAsync(path, [BlueprintDraft.FileName, .. ComposeNames], ComposeReader.Engine, cancellation);

    static async Task<ZoneFile> LoadAsync(string path, IReadOnlyList<string> names, string engine, CancellationToken cancellation)
    {
        var file = Directory.Exists(path) ? Find(path, names) : path;
        var bytes = await ReadAsync(file, cancellation);
        return ComposeReader.IsCompose(bytes, file)
            ? FromCompose(ComposeReader.Read(bytes, file, Path.GetFileName(FolderOf(file)), engine), file)
            : new(await CheckedDraft.LoadAsync(file, cancellation), KeyFile: null);
    }

    static string Find(string folder, IReadOnlyList<string> names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FaultException(new Fault.NotFound($"The folder {folder} holds none of {string.Join(", ", names)}: name the file itself."));

    static ZoneFile FromCompose(ComposeZones read, string file)
    {
        var blueprint = read.ToBlueprint();
        return new(
            new BlueprintDraft(file, blueprint, BlueprintCanonical.Write(blueprint), [], read.Warnings),
            read.KeyFile is { } key ? Path.GetFullPath(key, FolderOf(file)) : null)
        {
            IsCompose = true, Programs = read.Programs, WithoutProgram = read.WithoutProgram,
        };
    }

    static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    static async Task<byte[]> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return await SmallFile.ReadAsync(file, DocumentLimits.Bytes, cancellation)
                ?? throw new FaultException(new Fault.Invalid(file, $"{file} has more than {DocumentLimits.Bytes} bytes, which no manifest of a zone needs."));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultException(new Fault.NotFound($"There is no file {file}: give a compose file, or a folder that holds one."), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault.Invalid(file, $"{file} cannot be read: {error.Message}"), error);
        }
    }
}
