using System.Buffers;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

/// <summary>The payloads of <c>HttpServer.HandleRequest</c>, as the gateway writes and reads them.</summary>
static class Http
{
    public const string Operation = "HttpServer.HandleRequest";

    public static byte[] Request(string path, string query = "", params (string Name, string Value)[] headers)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(5);
        writer.Write("method");
        writer.Write("GET");
        writer.Write("path");
        writer.Write(path);
        writer.Write("queryString");
        writer.Write(query);
        writer.Write("header");
        writer.WriteMapHeader(headers.Length);
        foreach (var (name, value) in headers)
        {
            writer.Write(name);
            writer.WriteArrayHeader(1);
            writer.Write(value);
        }

        writer.Write("body");
        writer.WriteBinary([]);
        return output.WrittenSpan.ToArray();
    }

    public static Response Read(ReadOnlyMemory<byte> payload)
    {
        var reader = new MessagePackReader(payload.Span);
        var response = new Response(0, "", "");
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
        {
            switch (reader.ReadString())
            {
                case "statusCode":
                    response = response with { Status = reader.ReadInt32() };
                    break;
                case "header":
                    Assert.Equal(1, reader.ReadMapHeader());
                    Assert.Equal("content-type", reader.ReadString());
                    Assert.Equal(1, reader.ReadArrayHeader());
                    response = response with { ContentType = reader.ReadString() };
                    break;
                case "body":
                    response = response with { Body = Encoding.UTF8.GetString(reader.ReadBinary()) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Assert.True(reader.End);
        return response;
    }

    public sealed record Response(int Status, string ContentType, string Body);
}
