using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>What snapshots and records have around them: what they are, their version, and at the end the SHA-256 of all before it.</summary>
static class StateEnvelope
{
    internal static StateWriter Begin(ReadOnlySpan<byte> magic, byte version)
    {
        var to = new StateWriter();
        to.Raw(magic);
        to.Byte(version);
        return to;
    }

    internal static byte[] Close(StateWriter to)
    {
        to.Raw(SHA256.HashData(to.Written.Span));
        return to.Written.ToArray();
    }

    /// <exception cref="DamagedStateException">It is something else, of another version, or was changed.</exception>
    internal static StateReader Open(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> magic, byte version, string what)
    {
        if (!bytes.Span.StartsWith(magic) || bytes.Length <= magic.Length)
            throw new DamagedStateException($"the bytes are no {what}: they do not begin as one");
        if (bytes.Span[magic.Length] is var found && found != version)
            throw new DamagedStateException($"the {what} is of version {found}, and this engine reads version {version}");
        var end = bytes.Length - SHA256.HashSizeInBytes;
        if (end <= magic.Length || !SHA256.HashData(bytes.Span[..end]).AsSpan().SequenceEqual(bytes.Span[end..]))
            throw new DamagedStateException($"the {what} is damaged: its checksum is another");
        return new StateReader(bytes[(magic.Length + 1)..end]);
    }
}
