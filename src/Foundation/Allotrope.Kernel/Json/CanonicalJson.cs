using System.Buffers;
using System.Text.Json;

namespace Allotrope.Kernel;

/// <summary>
/// The JSON Canonicalization Scheme (RFC 8785): one document has exactly one sequence of bytes, which is what gets hashed and signed. No white space,
/// members sorted by the UTF-16 code units of their names, numbers and strings as ECMAScript writes them.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Longest document accepted, in bytes: far above any blueprint, far below what would hurt.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>How deep arrays and objects may nest.</summary>
    public const int MaxDepth = 64;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };

    /// <param name="utf8">A JSON document in UTF-8.</param>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Invalid"/>: not JSON, nested too deeply, a name twice in one object, a lone surrogate, a number beyond a double's range.
    /// </exception>
    public static byte[] Canonicalize(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
            throw new FaultException(new Fault.Exhausted($"This JSON document has {utf8.Length} bytes, and at most {MaxBytes} are accepted."));

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return Canonicalize(document.RootElement);
        }
        catch (JsonException e)
        {
            var where = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw new FaultException(new Fault.Invalid(where, $"This is not JSON, {where}: {e.Message}"), e);
        }
    }

    /// <inheritdoc cref="Canonicalize(ReadOnlyMemory{byte})"/>
    public static byte[] Canonicalize(JsonElement element)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(element, output, depth: 0);
        return output.WrittenSpan.ToArray();
    }

    // Recursion, but never deeper than MaxDepth, whatever the input.
    static void Write(JsonElement element, ArrayBufferWriter<byte> output, int depth)
    {
        if (depth > MaxDepth)
            throw Invalid("$", $"JSON is nested deeper than {MaxDepth} levels.");

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, output, depth);
                break;
            case JsonValueKind.Array:
                WriteArray(element, output, depth);
                break;
            case JsonValueKind.String:
                CanonicalText.Write(Text(element), output);
                break;
            case JsonValueKind.Number:
                var number = element.GetDouble();
                if (!double.IsFinite(number))
                    throw Invalid(element.GetRawText(), "A JSON number is beyond the range of a double.");
                CanonicalNumber.Write(number, output);
                break;
            default:
                output.Write(element.ValueKind switch
                {
                    JsonValueKind.True => "true"u8,
                    JsonValueKind.False => "false"u8,
                    _ => "null"u8,
                });
                break;
        }
    }

    static void WriteObject(JsonElement element, ArrayBufferWriter<byte> output, int depth)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var property in element.EnumerateObject())
            members.Add((Name(property), property.Value));
        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));

        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            var (name, value) = members[i];
            if (i > 0)
            {
                if (name == members[i - 1].Name)
                    throw Invalid(name, $"The name \"{name}\" occurs twice in one JSON object.");
                output.Write(","u8);
            }

            CanonicalText.Write(name, output);
            output.Write(":"u8);
            Write(value, output, depth + 1);
        }

        output.Write("}"u8);
    }

    static void WriteArray(JsonElement element, ArrayBufferWriter<byte> output, int depth)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in element.EnumerateArray())
        {
            if (!first)
                output.Write(","u8);
            first = false;
            Write(item, output, depth + 1);
        }

        output.Write("]"u8);
    }

    static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw NotUnicode(e);
        }
    }

    static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw NotUnicode(e);
        }
    }

    // How System.Text.Json reports ill-formed UTF-8 and lone surrogates once a string is asked for.
    static FaultException NotUnicode(InvalidOperationException e) =>
        new(new Fault.Invalid("$", "A JSON string is not well-formed Unicode: it has a lone surrogate or is not UTF-8."), e);

    static FaultException Invalid(string where, string message) => new(new Fault.Invalid(where, message));
}
