using System.Buffers;
using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>Writes results.</summary>
static class Reply
{
    /// <summary>What an operation without a result answers.</summary>
    public static readonly ReadOnlyMemory<byte> Nothing = ReadOnlyMemory<byte>.Empty;

    public static ReadOnlyMemory<byte> Of(bool value)
    {
        var output = new ArrayBufferWriter<byte>(1);
        new MessagePackWriter(output).Write(value);
        return output.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Of(int value)
    {
        var output = new ArrayBufferWriter<byte>(16);
        new MessagePackWriter(output).Write(value);
        return output.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Of(IReadOnlyCollection<string> texts)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(texts.Count);
        foreach (var text in texts)
            writer.Write(text);
        return output.WrittenMemory;
    }

    /// <summary>The structure <c>GetResponse</c>.</summary>
    public static ReadOnlyMemory<byte> OfValue(string? value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(2);
        writer.Write("value");
        writer.Write(value ?? "");
        writer.Write("exists");
        writer.Write(value is not null);
        return output.WrittenMemory;
    }
}
