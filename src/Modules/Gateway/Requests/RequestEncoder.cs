using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Allotrope.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Allotrope.Gateway;

/// <summary>
/// Writes an HTTP request as the argument of <c>HttpServer.HandleRequest</c> (wasmbus-rpc): a map of method, path, queryString, header and
/// body. The body comes last, so that it goes from the connection into its place without a copy in between; the counts that are not known
/// beforehand take the widest form of MessagePack and are filled in afterwards.
/// </summary>
static class RequestEncoder
{
    const byte Map16 = 0xde;
    const byte Bin32 = 0xc6;

    /// <summary>Everything up to the body's bytes. Header names are written in lower case, as HTTP/2 has them.</summary>
    public static void WriteHead(ExchangeBuffer buffer, IHttpRequestFeature request)
    {
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(5);
        writer.WriteUtf8("method"u8);
        writer.Write(request.Method);
        writer.WriteUtf8("path"u8);
        writer.Write(PathOf(request));
        writer.WriteUtf8("queryString"u8);
        writer.Write(request.QueryString is ['?', .. var query] ? query : "");
        writer.WriteUtf8("header"u8);
        WriteHeaders(buffer, request.Headers);
        writer.WriteUtf8("body"u8);
    }

    public static void WriteNoBody(ExchangeBuffer buffer) => new MessagePackWriter(buffer).WriteBinary([]);

    /// <summary>
    /// Reads the body to its end; false when there is no room for all of it beside the others. Kestrel ends the reading with an exception when
    /// it grows beyond the limit or comes too slowly.
    /// </summary>
    /// <exception cref="BadHttpRequestException">The body is too large (413), too slow (408) or malformed (400).</exception>
    /// <exception cref="IOException">The client has gone.</exception>
    public static async ValueTask<bool> WriteBodyAsync(Exchange exchange, BodyBudget budget, CancellationToken cancellation)
    {
        var body = exchange.Features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        var buffer = exchange.Buffer;
        var start = buffer.Length;
        buffer.GetSpan(5)[0] = Bin32;
        buffer.Advance(5);
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            if (!budget.TryTake(read.Buffer.Length))
                return false;
            exchange.Held += read.Buffer.Length;
            foreach (var segment in read.Buffer)
                buffer.Write(segment.Span);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        BinaryPrimitives.WriteInt32BigEndian(buffer.From(start + 1), buffer.Length - start - 5);
        return true;
    }

    static void WriteHeaders(ExchangeBuffer buffer, IHeaderDictionary headers)
    {
        var start = buffer.Length;
        buffer.GetSpan(3)[0] = Map16;
        buffer.Advance(3);
        var writer = new MessagePackWriter(buffer);
        var connection = headers.Connection;
        var count = 0;
        foreach (var (name, values) in headers)
        {
            if (HopByHop.Contains(name, connection))
                continue;
            count++;
            writer.Write(name);
            Ascii.ToLowerInPlace(buffer.From(buffer.Length - name.Length), out _);
            writer.WriteArrayHeader(values.Count);
            foreach (var value in values)
                writer.Write(TextOf(value ?? ""));
        }
        BinaryPrimitives.WriteUInt16BigEndian(buffer.From(start + 1), checked((ushort)count));
    }

    /// <summary>An actor is given text, which beyond ASCII is UTF-8; bytes that are not become U+FFFD.</summary>
    static string TextOf(string bytes) => Ascii.IsValid(bytes) ? bytes : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));

    /// <summary>
    /// The path as the client wrote it, percent signs and all; where it holds dot segments, the path that was routed instead, so that no
    /// actor sees a path outside the prefix it is linked to.
    /// </summary>
    public static string PathOf(IHttpRequestFeature request)
    {
        var target = request.RawTarget;
        if (target == request.Path)
            return request.Path;
        var end = target.IndexOf('?');
        var path = end < 0 ? target.AsSpan() : target.AsSpan(0, end);
        if (path.SequenceEqual(request.Path))
            return request.Path;
        return path is ['/', ..] && !path.Contains("/.", StringComparison.Ordinal) && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase)
            ? path.ToString()
            : new PathString(request.Path).ToUriComponent();
    }
}
