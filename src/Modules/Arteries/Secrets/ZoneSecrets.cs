using Allotrope.Kernel;

namespace Allotrope.Arteries;

/// <summary>
/// The keys of a node's zones, one a file <c>{name}.key</c> that only the owner can read. During a rotation <c>{name}.previous.key</c> holds the key
/// that services may still use. A core in a container finds its one key where the original has it, in <c>/run/secrets/o3_key</c>.
/// </summary>
/// <param name="folder">The folder <c>zones</c> of the data folder.</param>
/// <param name="container">Where a container's secrets are mounted.</param>
public sealed class ZoneSecrets(string folder, string container = "/run/secrets")
{
    /// <summary>Longer files are no keys; what is read is bounded by it.</summary>
    const int LongestKey = 4096;

    /// <summary>
    /// The keys of a zone, the newest first: one, or two during a rotation. Reads the files each time, so a rotation needs no restart.
    /// </summary>
    /// <param name="name">Of the key, as the manifest says it.</param>
    /// <exception cref="FaultException">
    /// <see cref="Fault.NotFound"/> when there is none, <see cref="Fault.Refused"/> when others can read it, <see cref="Fault.Damaged"/> when it is
    /// empty or too long.
    /// </exception>
    public IReadOnlyList<byte[]> Read(string name)
    {
        CheckName(name);
        if (File.Exists(FileOf(name)))
            return File.Exists(PreviousOf(name)) ? [ReadOwned(FileOf(name)), ReadOwned(PreviousOf(name))] : [ReadOwned(FileOf(name))];
        // Container secrets are often world-readable inside the container, which is their whole world
        var mounted = Path.Combine(container, "o3_key");
        return File.Exists(mounted)
            ? [ReadFile(mounted)]
            : throw new FaultException(new Fault.NotFound(
                $"There is no key {name} for the zone: put the secret that its services hold into {FileOf(name)}, readable by the owner only."));
    }

    /// <summary>
    /// Keeps a key. Another than the one there begins a rotation: the old one is let in too, until <see cref="EndRotation"/> or the next rotation.
    /// </summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when the name or the key is none.</exception>
    public void Put(string name, ReadOnlySpan<byte> secret)
    {
        CheckName(name);
        if (Trim(secret).IsEmpty || secret.Length > LongestKey)
            throw new FaultException(new Fault.Invalid(
                "key", $"A zone's key has 1 to {LongestKey} bytes that are not white space; this one has not."));
        if (File.Exists(FileOf(name)))
        {
            var present = ReadOwned(FileOf(name));
            if (Trim(present).SequenceEqual(Trim(secret)))
                return;
            // First the old one aside: between the two writes it counts twice, which does no harm
            OwnerOnlyFile.Write(PreviousOf(name), present, overwrite: true);
        }
        OwnerOnlyFile.Write(FileOf(name), secret, overwrite: true);
    }

    /// <summary>Forgets the key of before the rotation.</summary>
    public void EndRotation(string name)
    {
        CheckName(name);
        File.Delete(PreviousOf(name));
    }

    static byte[] ReadOwned(string file) => (File.GetUnixFileMode(file) & ~OwnerOnlyFile.Folder) == UnixFileMode.None
        ? ReadFile(file)
        : throw new FaultException(new Fault.Refused(
            $"The key file {file} can be read by others than its owner: `chmod 600` it, and change the key if they may have read it."));

    static byte[] ReadFile(string file)
    {
        var secret = new FileInfo(file).Length <= LongestKey ? File.ReadAllBytes(file) : [];
        return Trim(secret).Length > 0
            ? secret
            : throw new FaultException(new Fault.Damaged(
                $"The key file {file} is empty or has more than {LongestKey} bytes: put the zone's secret into it."));
    }

    static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> secret) => secret.TrimEnd(" \t\r\n"u8);

    static void CheckName(string name)
    {
        if (name.Length is 0 or > 63 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FaultException(new Fault.Invalid(
                "key name", $"'{name}' is no name for a zone's key: use 1 to 63 letters, digits, '-' and '_'."));
    }

    string FileOf(string name) => Path.Combine(folder, name + ".key");

    string PreviousOf(string name) => Path.Combine(folder, name + ".previous.key");
}
