using System.Security.Cryptography;
using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>A blueprint on its way from a file to the node: images resolved to what lies on this disk, ready to be signed.</summary>
/// <param name="File">The blueprint file.</param>
/// <param name="Canonical">To be signed.</param>
/// <param name="Images">The files to upload before the blueprint is put, each content once.</param>
public sealed record BlueprintDraft(
    string File, Blueprint Blueprint, ReadOnlyMemory<byte> Canonical, IReadOnlyList<ImageFile> Images, IReadOnlyList<Problem> Warnings)
{
    /// <summary>As <see cref="ReadBlueprint.Images"/>.</summary>
    public IReadOnlyDictionary<string, Place> ImagePlaces { get; init; } = new Dictionary<string, Place>();

    /// <summary>As <see cref="ReadBlueprint.Links"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Place>> LinkPlaces { get; init; } = new Dictionary<string, IReadOnlyList<Place>>();

    /// <summary>What a folder's blueprint is called.</summary>
    public const string FileName = "app.yaml";

    /// <summary>Bytes of an image; larger ones are surely no actor.</summary>
    public const long ImageBytes = 64 * 1024 * 1024;

    /// <param name="path">A blueprint file, or a folder with an <see cref="FileName"/>.</param>
    /// <exception cref="FaultException">
    /// <see cref="Fault.NotFound"/> when there is no such file; <see cref="Fault.Invalid"/> for all that is wrong with it, images included.
    /// </exception>
    public static async Task<BlueprintDraft> LoadAsync(string path, CancellationToken cancellation = default)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        var read = BlueprintReader.Read(await ReadAsync(file, cancellation), file);
        var (problems, images, components) = (new Problems(), new Dictionary<string, ImageFile>(), new List<Component>());
        foreach (var component in read.Blueprint.Components)
            components.Add(await ResolveAsync(component, Path.GetDirectoryName(Path.GetFullPath(file))!, read, images, problems, cancellation));
        problems.ThrowIfAny();
        var blueprint = read.Blueprint with { Components = components };
        var canonical = BlueprintCanonical.Write(blueprint);
        if (canonical.Length > DocumentLimits.Bytes)
            throw new FaultException(new Fault.Invalid(
                file, $"{file} has {canonical.Length} bytes in canonical form; at most {DocumentLimits.Bytes} are allowed, split it"));
        return new(file, blueprint, canonical, [.. images.Values], read.Warnings) { ImagePlaces = read.Images, LinkPlaces = read.Links };
    }

    static async Task<Component> ResolveAsync(
        Component component, string folder, ReadBlueprint read, Dictionary<string, ImageFile> images, Problems problems,
        CancellationToken cancellation)
    {
        if (component.Image is not { } image || ImageReference.Parse(image) is { IsBuiltin: true })
            return component;
        var (name, expected, _) = ImageReference.Parse(image);
        var path = Path.GetFullPath(Path.Combine(folder, name));
        var at = read.Images[component.Name];
        if (new FileInfo(path) is not { Exists: true } info)
            problems.Error(at, $"image '{Quote.Short(name)}'",
                $"there is no file {path}; build it first (images from registries are not supported yet)");
        else if (info.Length > ImageBytes)
            problems.Error(at, $"image '{Quote.Short(name)}' of {info.Length} bytes", $"at most {ImageBytes} are allowed");
        else
        {
            await using var stream = info.OpenRead();
            var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation))}";
            if (expected is not null && expected != digest)
                problems.Error(at, $"image '{Quote.Short(name)}' with {expected}", $"the file has {digest}");
            images.TryAdd(digest, new(path, digest, info.Length));
            return component with { Image = new ImageReference(name, digest, IsBuiltin: false).ToString() };
        }
        return component;
    }

    static async Task<byte[]> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
            if (stream.Length > DocumentLimits.Bytes)
                throw new FaultException(new Fault.Invalid(
                    file, $"{file} has {stream.Length} bytes; a blueprint has at most {DocumentLimits.Bytes}"));
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultException(
                new Fault.NotFound($"there is no blueprint {file}; give a blueprint file or a folder with an {FileName}"), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault.Invalid(file, $"the blueprint {file} cannot be read: {error.Message}"), error);
        }
    }
}

/// <param name="Path">Absolute.</param>
/// <param name="Digest"><c>sha256:{lower-case hex}</c>.</param>
/// <param name="Length">Bytes.</param>
public sealed record ImageFile(string Path, string Digest, long Length);
