using System.Security.Cryptography;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Commands;

/// <summary>Brings the key of a file's zones to the node, and makes one where the compose file names a file that is not there yet.</summary>
static class ZoneKeys
{
    /// <summary>Longer files are no keys.</summary>
    const int LongestKey = 4096;

    /// <summary>Of the file in which the node keeps the key of before a rotation; it reads it at each handshake.</summary>
    const string PreviousExtension = ".previous.key";

    /// <summary>Digits of a key that is made here: 256 bits.</summary>
    const int Digits = 64;

    /// <param name="keyFile">What <c>--key-file</c> names; else it is what the compose file says.</param>
    /// <exception cref="FaultException"><see cref="Fault.NotFound"/> when the key cannot be read.</exception>
    public static async Task GiveAsync(Session session, ZoneFile file, string? keyFile = null)
    {
        // A blueprint's keys may be with the node already: only a compose file says where its key lies.
        if (file.Zones.Count == 0 || (keyFile ?? file.KeyFile) is not { } path)
            return;
        if (keyFile is null && !File.Exists(path) && Directory.Exists(Path.GetDirectoryName(path)))
        {
            await ZoneCommand.ZonesAsync(session, names: null); // without a node nothing is made
            await MakeAsync(path, session);
        }
        var secret = await ReadAsync(path, session.Stop);
        // By the owner-only socket, never by an argument, which every user of the machine could read.
        foreach (var name in file.Zones.Select(zone => zone.Key).Distinct())
        {
            await session.Node.RequestAsync(
                new Message(Subjects.ZoneKeyPut, Payload.Of(new ZoneKey(name, secret), ContractsJson.Default.ZoneKey)), cancellation: session.Stop);
            var previous = Path.Combine(session.Layout.Zones, name + PreviousExtension);
            if (File.Exists(previous))
                session.Output.Line($"key {name} is changing, and the one before it is accepted too: delete {previous} once every service has the new one");
        }
    }

    static async Task MakeAsync(string path, Session session)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        // Whole or not at all, for another command may read it now
        var draft = $"{path}.{Environment.ProcessId}";
        try
        {
            await using (var writer = new StreamWriter(draft, options))
                await writer.WriteLineAsync(RandomNumberGenerator.GetHexString(Digits, lowercase: true));
            File.Move(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft); // somebody else was first
            return;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault.Invalid(path, $"The zone has no key yet, and {path} cannot be written: {error.Message}"), error);
        }
        session.Output.Line($"made a new key, {path}, for you alone to read");
    }

    static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await SmallFile.ReadAsync(path, LongestKey, cancellation)
                ?? throw new FaultException(new Fault.Invalid(path, $"{path} has more than {LongestKey} bytes and is no zone's key."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault.NotFound(
                $"The zone's key {path} cannot be read ({error.Message}): make one, such as with `openssl rand -hex 32`, or name it with --key-file."), error);
        }
    }
}
