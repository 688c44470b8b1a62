using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>
/// One call, or several, of an instance and all that its host answered: everything that replaying them takes, the module included. It holds the guest's
/// whole memory, secrets and all: keep it as you keep those.
/// </summary>
public sealed class CallRecord
{
    /// <summary>Raised when the format changes; see docs/reference/snapshots.md.</summary>
    const byte Version = 3;

    static ReadOnlySpan<byte> Magic => "allot-record\n"u8;

    CallRecord()
    {
    }

    /// <summary>The SHA-256 of the module's bytes.</summary>
    public ReadOnlyMemory<byte> ModuleDigest { get; private set; }

    /// <summary>The module.</summary>
    public ReadOnlyMemory<byte> Module { get; private set; }

    /// <summary>How the module is to be compiled for the replay.</summary>
    public CompileOptions Options => new() { Fuel = Traits.Fuel, Deterministic = Traits.Deterministic, MaxModuleBytes = int.MaxValue };

    /// <summary>What the store allowed.</summary>
    public StoreLimits Limits { get; private init; } = new();

    /// <summary>What the one who keeps the record says of it, such as who was called and when. Not looked at by a replay.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Notes { get; private set; } = [];

    internal CodeTraits Traits { get; private init; }

    internal ReadOnlyMemory<byte> Before { get; private init; }

    internal ReadOnlyMemory<byte> Imports { get; private init; }

    internal ReadOnlyMemory<byte> Log { get; private init; }

    /// <summary>The SHA-256 of a snapshot's body after the last call.</summary>
    internal ReadOnlyMemory<byte> After { get; private init; }

    /// <summary>The same record with something said of it.</summary>
    public CallRecord With(params IEnumerable<KeyValuePair<string, string>> notes)
    {
        var same = (CallRecord)MemberwiseClone();
        same.Notes = [.. notes];
        return same;
    }

    /// <summary>The same record for another module, which it need not fit.</summary>
    internal CallRecord Of(Module module)
    {
        var same = (CallRecord)MemberwiseClone();
        (same.Module, same.ModuleDigest) = (module.Image.Bytes, module.Digest);
        return same;
    }

    /// <summary>The record as a file: versioned, with a checksum.</summary>
    public byte[] ToArray()
    {
        var to = StateEnvelope.Begin(Magic, Version);
        to.Number(Notes.Count);
        foreach (var (name, text) in Notes)
        {
            to.Text(name);
            to.Text(text);
        }

        to.Bytes(Module.Span);
        Traits.Write(to);
        to.Number((ulong)Limits.MemoryPages);
        to.Number((ulong)Limits.TableElements);
        to.Number(Limits.StackBytes);
        to.Number(Limits.HeapBytes);
        to.Bytes(Before.Span);
        to.Bytes(Imports.Span);
        to.Bytes(Log.Span);
        to.Bytes(After.Span);
        return StateEnvelope.Close(to);
    }

    /// <summary>Reads the bytes of <see cref="ToArray"/>; the parts are looked at when it is replayed.</summary>
    /// <param name="bytes">From anywhere; not copied.</param>
    /// <exception cref="DamagedStateException">They are no record of this version, or were changed.</exception>
    public static CallRecord Read(ReadOnlyMemory<byte> bytes)
    {
        var from = StateEnvelope.Open(bytes, Magic, Version, "record");
        var notes = new KeyValuePair<string, string>[from.Count("notes", leastBytes: 2)];
        for (var i = 0; i < notes.Length; i++)
            notes[i] = new(from.Text("a note's name"), from.Text("a note"));
        var module = from.Bytes("a module");
        var record = new CallRecord
        {
            Notes = notes,
            Module = module,
            ModuleDigest = SHA256.HashData(module.Span),
            Traits = CodeTraits.Read(from),
            Limits = new StoreLimits
            {
                MemoryPages = (uint)from.AtMost(uint.MaxValue, "pages"),
                TableElements = (uint)from.AtMost(uint.MaxValue, "elements"),
                StackBytes = (int)from.AtMost(int.MaxValue, "bytes of stack"),
                HeapBytes = (long)from.AtMost(long.MaxValue, "bytes of heap"),
            },
            Before = from.Bytes("a snapshot"),
            Imports = from.Bytes("imports"),
            Log = from.Bytes("a log"),
            After = from.Bytes("a digest"),
        };
        from.End();
        return record;
    }

    internal static CallRecord Of(Instance instance, Snapshot before, ReadOnlyMemory<byte> imports, ReadOnlyMemory<byte> log, Snapshot after) => new()
    {
        ModuleDigest = instance.Module.Digest,
        Module = instance.Module.Image.Bytes,
        Traits = CodeTraits.Of(instance.Module),
        Limits = instance.Store.Limits,
        Before = before.Body,
        Imports = imports,
        Log = log,
        After = SHA256.HashData(after.Body.Span),
    };
}
