using System.Text;
using System.Text.Json;

namespace Allotrope.Contracts;

/// <summary>
/// Reads a JSON document into the same nodes as YAML. The canonical form is read here and not as YAML, because YAML folds some characters
/// that JSON leaves alone, and what was signed must come back as it was.
/// </summary>
static class JsonDocumentNodes
{
    /// <summary>The document's outermost node, or <see langword="null"/> with at least one error in <paramref name="problems"/>.</summary>
    public static Node? Read(ReadOnlySpan<byte> utf8, string file, Problems problems)
    {
        var builder = new NodeBuilder(problems);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DocumentLimits.Depth + 1 });
        var cursor = new Cursor(utf8, file);
        try
        {
            while (builder.Goes && reader.Read())
                Take(ref reader, builder, cursor.At((int)reader.TokenStartIndex));
        }
        catch (JsonException error)
        {
            builder.Stop(new(file, (int)(error.LineNumber ?? 0) + 1, (int)(error.BytePositionInLine ?? 0) + 1), "broken JSON",
                "check commas and quotes up to here");
        }
        catch (InvalidOperationException)
        {
            // The reader reports text that is no valid UTF-16 (a lone surrogate) only when the string is taken out.
            builder.Stop(cursor.At((int)reader.TokenStartIndex), "text that is no Unicode", "write the characters themselves");
        }
        return builder.Goes ? builder.Root : null;
    }

    static void Take(ref Utf8JsonReader reader, NodeBuilder builder, Place at)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                builder.BeginMapping(at);
                break;
            case JsonTokenType.StartArray:
                builder.BeginSequence(at);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                builder.End();
                break;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                builder.Scalar(at, reader.GetString()!, plain: false);
                break;
            default:
                builder.Scalar(at, Encoding.UTF8.GetString(reader.ValueSpan), plain: true);
                break;
        }
    }

    /// <summary>Turns byte offsets, which must not go back, into places, looking at each byte once.</summary>
    ref struct Cursor(ReadOnlySpan<byte> utf8, string file)
    {
        readonly ReadOnlySpan<byte> _utf8 = utf8;
        int _offset;
        int _line = 1;
        int _column = 1;

        public Place At(int offset)
        {
            var passed = _utf8[_offset..offset];
            if (passed.LastIndexOf((byte)'\n') is >= 0 and var end)
            {
                _line += passed.Count((byte)'\n');
                _column = 1;
                passed = passed[(end + 1)..];
            }
            _column += Encoding.UTF8.GetCharCount(passed);
            _offset = offset;
            return new(file, _line, _column);
        }
    }
}
