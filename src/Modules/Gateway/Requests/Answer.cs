using System.Text;
using Allotrope.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Allotrope.Gateway;

/// <summary>
/// Reads the result of <c>HttpServer.HandleRequest</c>: a map of statusCode, header and body. It comes from a guest, so whatever could
/// harm the connection or its reader is refused: a status that ends no request, a header that is no header.
/// </summary>
static class Answer
{
    /// <summary>As many as most clients take; they give up on more.</summary>
    const int MostHeaders = 100;

    /// <summary>
    /// Puts status and headers into <paramref name="status"/> and <paramref name="headers"/> and returns the body, which shares the memory of
    /// <paramref name="encoded"/>.
    /// </summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when it is no such answer; the headers may be half filled then.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> encoded, IHeaderDictionary headers, out int status)
    {
        status = StatusCodes.Status200OK;
        var body = ReadOnlyMemory<byte>.Empty;
        var reader = new MessagePackReader(encoded.Span);
        for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
        {
            var name = reader.ReadUtf8();
            if (name.SequenceEqual("statusCode"u8))
                status = Status(reader.ReadInt64());
            else if (name.SequenceEqual("header"u8))
                ReadHeaders(ref reader, headers);
            else if (name.SequenceEqual("body"u8))
                body = ReadBody(ref reader, encoded);
            else
                reader.Skip();
        }
        return body;
    }

    static ReadOnlyMemory<byte> ReadBody(ref MessagePackReader reader, ReadOnlyMemory<byte> encoded)
    {
        var length = reader.ReadBinary().Length;
        return encoded.Slice(reader.Position - length, length);
    }

    static int Status(long status) => status is >= 200 and <= 599
        ? (int)status
        : throw Invalid("statusCode", $"{status} is no final HTTP status; it must be from 200 to 599.");

    static void ReadHeaders(ref MessagePackReader reader, IHeaderDictionary headers)
    {
        if (reader.TryReadNil())
            return;
        var count = reader.ReadMapHeader();
        if (count > MostHeaders)
            throw Invalid("header", $"The answer has {count} headers; at most {MostHeaders} are sent.");
        for (; count > 0; count--)
        {
            var name = Encoding.UTF8.GetString(reader.ReadUtf8());
            var values = ReadValues(ref reader, name);
            if (!HopByHop.IsName(name))
                throw Invalid("header", "The answer has a header whose name is no HTTP token.");
            // Where the message ends is the gateway's business; a second opinion would let two readers of the connection disagree
            if (!HopByHop.Contains(name, default) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                headers.Append(name, values);
        }
    }

    /// <summary>A list of strings; interfaces before 2022 have one string.</summary>
    static StringValues ReadValues(ref MessagePackReader reader, string name)
    {
        if (reader.Next == MessagePackKind.String)
            return ReadValue(ref reader, name);
        var count = reader.ReadArrayHeader();
        if (count == 1)
            return ReadValue(ref reader, name);
        if (count > MostHeaders)
            throw Invalid($"header {name}", $"The answer has a header with {count} values; at most {MostHeaders} are sent.");
        var values = new string[count];
        for (var i = 0; i < count; i++)
            values[i] = ReadValue(ref reader, name);
        return values;
    }

    static string ReadValue(ref MessagePackReader reader, string name)
    {
        var value = Encoding.UTF8.GetString(reader.ReadUtf8());
        return HopByHop.IsValue(value)
            ? value
            : throw Invalid($"header {name}", $"A value of the answer's header holds a character that may not stand in one; use visible ASCII.");
    }

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(where, message));
}
