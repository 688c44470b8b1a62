using System.Buffers;
using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Gateway.Tests;

/// <summary>What an actor sees of a request.</summary>
sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string[]> Headers, byte[] Body)
{
    public static SeenRequest Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new MessagePackReader(encoded.Span);
        Assert.Equal(5, reader.ReadMapHeader());
        Assert.Equal("method", reader.ReadString());
        var method = reader.ReadString();
        Assert.Equal("path", reader.ReadString());
        var path = reader.ReadString();
        Assert.Equal("queryString", reader.ReadString());
        var query = reader.ReadString();
        Assert.Equal("header", reader.ReadString());
        var headers = new Dictionary<string, string[]>();
        for (var count = reader.ReadMapHeader(); count > 0; count--)
        {
            var name = reader.ReadString();
            var values = new string[reader.ReadArrayHeader()];
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.ReadString();
            headers.Add(name, values);
        }
        Assert.Equal("body", reader.ReadString());
        return new(method, path, query, headers, reader.ReadBinary().ToArray());
    }
}

/// <summary>Encodes what actors answer.</summary>
static class ActorAnswer
{
    public static InvocationResult Text(string text, int status = 200) => new(Encode(status, [("content-type", ["text/plain"])], Encoding.UTF8.GetBytes(text)));

    public static InvocationResult Of(int status, byte[] body, params IReadOnlyList<(string Name, string[] Values)> headers) => new(Encode(status, headers, body));

    static byte[] Encode(int status, IReadOnlyList<(string Name, string[] Values)> headers, byte[] body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(3);
        writer.Write("statusCode");
        writer.Write(status);
        writer.Write("header");
        writer.WriteMapHeader(headers.Count);
        foreach (var (name, values) in headers)
        {
            writer.Write(name);
            writer.WriteArrayHeader(values.Length);
            foreach (var value in values)
                writer.Write(value);
        }
        writer.Write("body");
        writer.WriteBinary(body);
        return buffer.WrittenSpan.ToArray();
    }
}
