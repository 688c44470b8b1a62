using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>
/// An instance between two calls, apart from its module: memories as far as they differ from what the module puts there, globals, tables, segments and
/// all objects that are reachable from them. The same state gives the same bytes on every machine. What an instance imports is captured with it and
/// written into what it imports when it is restored; functions and objects of other instances are refused.
/// </summary>
public sealed class Snapshot
{
    /// <summary>Raised when the format changes; see docs/reference/snapshots.md.</summary>
    const byte Version = 1;

    static ReadOnlySpan<byte> Magic => "allot-snapshot\n"u8;

    internal Snapshot(ReadOnlyMemory<byte> moduleDigest, CodeTraits traits, ReadOnlyMemory<byte> body)
    {
        ModuleDigest = moduleDigest;
        Traits = traits;
        Body = body;
    }

    /// <summary>The SHA-256 of the module's bytes.</summary>
    public ReadOnlyMemory<byte> ModuleDigest { get; }

    internal CodeTraits Traits { get; }

    /// <summary>What is between the envelope's ends.</summary>
    internal ReadOnlyMemory<byte> Body { get; }

    /// <summary>Captures an instance while no guest of its store runs.</summary>
    /// <param name="instance">Of any module.</param>
    /// <param name="codec">Writes the host's objects that the guest holds; without one they are refused.</param>
    /// <exception cref="SnapshotException">It holds something that cannot be captured; the sentence says what and where.</exception>
    /// <exception cref="InvalidOperationException">A guest of the store is running.</exception>
    public static Snapshot Capture(Instance instance, IHostObjectCodec? codec = null)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (instance.Guard.IsRunning)
            throw new InvalidOperationException("an instance is captured between calls, and a guest of its store is running");
        var body = new StateWriter();
        try
        {
            new SnapshotWriter(instance, codec).Write(body);
        }
        catch (OutOfMemoryException)
        {
            throw new SnapshotException("the instance holds more than the 2 GiB that a snapshot may have, or than this machine has memory for");
        }

        return new Snapshot(instance.Module.Digest, CodeTraits.Of(instance.Module), body.Written);
    }

    /// <summary>Reads the bytes of <see cref="ToArray"/>. What they say of the instance is looked at when it is restored.</summary>
    /// <param name="bytes">From anywhere; not copied.</param>
    /// <exception cref="DamagedStateException">They are no snapshot of this version, or were changed.</exception>
    public static Snapshot Read(ReadOnlyMemory<byte> bytes)
    {
        var from = StateEnvelope.Open(bytes, Magic, Version, "snapshot");
        var digest = from.Bytes("a digest");
        if (digest.Length != SHA256.HashSizeInBytes)
            throw from.Wrong($"a module's digest has {digest.Length} bytes");
        var traits = CodeTraits.Read(from);
        var body = from.Bytes();
        from.End();
        return new Snapshot(digest, traits, body);
    }

    /// <summary>The snapshot as a file: versioned, with a checksum.</summary>
    public byte[] ToArray()
    {
        var to = StateEnvelope.Begin(Magic, Version);
        to.Bytes(ModuleDigest.Span);
        Traits.Write(to);
        to.Bytes(Body.Span);
        return StateEnvelope.Close(to);
    }

    /// <summary>Makes the instance again. No start function runs and nothing is initialised.</summary>
    /// <param name="store">A store of its own, or one with others; its <see cref="Store.Fuel"/> becomes what it was.</param>
    /// <param name="module">The same bytes, compiled with the same <see cref="CompileOptions.Fuel"/> and <see cref="CompileOptions.Deterministic"/>.</param>
    /// <param name="linker">What it imports. Functions are taken as they are; memories, tables and variables get the contents they had.</param>
    /// <param name="codec">Reads what the one at the capture wrote.</param>
    /// <exception cref="SnapshotException">It is of another module, or does not fit the limits or imports.</exception>
    /// <exception cref="DamagedStateException">It says what cannot be of this module.</exception>
    /// <exception cref="LinkException">An import is missing or of another type.</exception>
    public Instance Restore(Store store, Module module, Linker linker, IHostObjectCodec? codec = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(linker);
        return Restore(store, module, linker.Offer(module.Image.Imports), codec);
    }

    /// <summary>The same with what each import in its place gets.</summary>
    internal Instance Restore(Store store, Module module, object?[] offered, IHostObjectCodec? codec)
    {
        if (!ModuleDigest.Span.SequenceEqual(module.Digest))
        {
            throw new SnapshotException(
                $"the snapshot is of the module {Convert.ToHexStringLower(ModuleDigest.Span)}, not of {Convert.ToHexStringLower(module.Digest)}");
        }

        Traits.Check(CodeTraits.Of(module));
        var instance = new Instantiation(store, module, offered).Link();
        try
        {
            new SnapshotReader(new StateReader(Body), instance, codec).Read();
        }
        catch (Trap trap) when (trap.Kind == TrapKind.HeapExhausted)
        {
            throw new SnapshotException($"the snapshot's objects need more than the store's limit of {store.Limits.HeapBytes} bytes");
        }
        catch (InvalidOperationException wrong)
        {
            throw new SnapshotException(wrong.Message); // a table refuses what another instance of the store was given
        }

        return instance;
    }
}
