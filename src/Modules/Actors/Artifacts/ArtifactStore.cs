using System.Security.Cryptography;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// Keeps artifacts under their SHA-256 digest in <c>{folder}/sha256/{hex}</c>. What is written under its name is complete (written aside,
/// flushed, renamed), and what is read is hashed again, so that a damaged disk is noticed before anything runs.
/// </summary>
public sealed class ArtifactStore
{
    const string Algorithm = "sha256";

    readonly string _folder;

    /// <param name="folder">Made when missing. Nobody else writes there.</param>
    public ArtifactStore(string folder)
    {
        _folder = Directory.CreateDirectory(Path.Combine(folder, Algorithm)).FullName;
        DiskFolder.Sync(folder);
        foreach (var left in Directory.EnumerateFiles(_folder, ".*")) // of a node that ended while it wrote
            File.Delete(left);
    }

    /// <summary>The name under which <paramref name="content"/> is kept: <c>sha256:{lower-case hex}</c>.</summary>
    public static string Digest(ReadOnlySpan<byte> content) => $"{Algorithm}:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>Whether the artifact is here and undamaged.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when <paramref name="digest"/> is none.</exception>
    public async ValueTask<bool> HasAsync(string digest, CancellationToken cancellation = default)
    {
        var path = PathOf(digest);
        return File.Exists(path) && Digest(await File.ReadAllBytesAsync(path, cancellation)) == digest;
    }

    /// <summary>Keeps <paramref name="content"/> and returns its digest. On disk when the task completes; what is there already is not written again, what is damaged is.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Exhausted"/> beyond <see cref="ActorLimits.ArtifactBytes"/>, or when the disk does not take it.</exception>
    public async ValueTask<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        if (content.Length > ActorLimits.ArtifactBytes)
            throw new FaultException(new Fault.Exhausted(
                $"The artifact has {content.Length} bytes; a node keeps artifacts of at most {ActorLimits.ArtifactBytes}. Make it smaller."));
        var digest = Digest(content.Span);
        var path = PathOf(digest);
        if (await HasAsync(digest, cancellation))
            return digest;

        var aside = Path.Combine(_folder, $".{Path.GetRandomFileName()}");
        try
        {
            await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true); // before the rename: a name must never stand for half a file
            }
            File.Move(aside, path, overwrite: true);
            DiskFolder.Sync(_folder);
        }
        catch (Exception error)
        {
            File.Delete(aside);
            if (error is IOException or UnauthorizedAccessException)
                throw new FaultException(new Fault.Exhausted($"The disk does not take the artifact: {error.Message.TrimEnd('.')}. See to the disk of the node, then apply again."), error);
            throw;
        }
        return digest;
    }

    /// <summary>The artifact's bytes, equal to their digest.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.NotFound"/> when it is not here, <see cref="Fault.Damaged"/> when the file is not what was written.
    /// </exception>
    public async ValueTask<byte[]> ReadAsync(string digest, CancellationToken cancellation = default)
    {
        var path = PathOf(digest);
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (FileNotFoundException)
        {
            throw new FaultException(new Fault.NotFound($"This node has no artifact {digest}. Apply the blueprint again from where its files are."));
        }
        if (Digest(content) != digest)
            throw new FaultException(new Fault.Damaged(
                $"The artifact in {path} is not what was written there: its hash differs. Apply the blueprint again from where its files are."));
        return content;
    }

    string PathOf(string digest)
    {
        if (!ImageReference.IsDigest(digest))
            throw new FaultException(new Fault.Invalid("digest", $"'{Shorten(digest)}' is no digest; sha256: and 64 lower-case hex digits were expected."));
        return Path.Combine(_folder, digest[(Algorithm.Length + 1)..]);
    }

    static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
