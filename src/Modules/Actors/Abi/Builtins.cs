using System.Buffers;
using System.Buffers.Binary;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// The two contracts that every host answers itself: <c>wasmcloud:builtin:logging</c> and <c>wasmcloud:builtin:numbergen</c>. An actor needs them in
/// its claims, but no link: there is nobody else to link to.
/// </summary>
static class Builtins
{
    const string Logging = "wasmcloud:builtin:logging";
    const string NumberGen = "wasmcloud:builtin:numbergen";

    static readonly SearchValues<string> Levels = SearchValues.Create(["debug", "info", "warn", "error"], StringComparison.Ordinal);

    public static bool Have(string contract) => contract is Logging or NumberGen;

    /// <exception cref="FaultException">There is no such operation, or the argument is not what it takes.</exception>
    public static ReadOnlyMemory<byte> Answer(string contract, string operation, ReadOnlySpan<byte> argument, IRandom random, LogRing log)
    {
        var answer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(answer);
        switch ((contract, operation))
        {
            case (Logging, "Logging.WriteLog"):
                if (log.Admit())
                    WriteLog(argument, log);
                break;
            case (NumberGen, "NumberGen.GenerateGuid"):
                writer.Write(Guid(random));
                break;
            case (NumberGen, "NumberGen.Random32"):
                writer.Write((ulong)(Random64(random) >> 32));
                break;
            case (NumberGen, "NumberGen.RandomInRange"):
                writer.Write((ulong)InRange(argument, random));
                break;
            default:
                throw new FaultException(new Fault.NotFound($"{contract} has no operation {operation}"));
        }
        return answer.WrittenMemory;
    }

    static void WriteLog(ReadOnlySpan<byte> argument, LogRing log)
    {
        var (level, text) = ("info", "");
        var reader = new MessagePackReader(argument);
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            switch (reader.ReadString())
            {
                case "level":
                    level = reader.ReadString();
                    break;
                case "text":
                    text = reader.ReadString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        log.Write(Levels.Contains(level) ? level : "info", text.Length <= ActorLimits.TextBytes ? text : text[..ActorLimits.TextBytes] + "…");
    }

    /// <summary>Between min and max, both included.</summary>
    static uint InRange(ReadOnlySpan<byte> argument, IRandom random)
    {
        var (min, max) = (0u, 0u);
        var reader = new MessagePackReader(argument);
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            switch (reader.ReadString())
            {
                case "min":
                    min = reader.ReadUInt32();
                    break;
                case "max":
                    max = reader.ReadUInt32();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        if (max < min)
            throw new FaultException(new Fault.Invalid("max", $"RandomInRange was asked for a number from {min} to {max}; min must not exceed max."));
        // The high half of a 64-bit fraction times the size of the range: uniform to one part in 2^32 at worst.
        return min + (uint)Math.BigMul(Random64(random), (ulong)max - min + 1, out _);
    }

    /// <summary>A random UUID, RFC 9562 version 4.</summary>
    static string Guid(IRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    static ulong Random64(IRandom random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        random.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
