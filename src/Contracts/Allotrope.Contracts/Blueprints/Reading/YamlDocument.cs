using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Allotrope.Contracts;

/// <summary>
/// Reads one YAML document from the parser's events. Of YAML only what data needs: no tags (they would choose types), no anchors and
/// aliases where the kind of document has none, no second document, keys are words.
/// </summary>
static class YamlDocument
{
    /// <summary>The document's outermost node, or <see langword="null"/> with at least one error in <paramref name="problems"/>.</summary>
    public static Node? Read(string text, string file, DocumentKind kind, Problems problems)
    {
        var builder = new NodeBuilder(problems);
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        var documents = 0;
        while (builder.Goes && Moves())
            Take(parser.Current!, ref documents);
        if (builder is { Goes: true, Root: null })
            builder.Stop(new(file, 1, 1), "nothing", $"{kind.What} begins with {kind.Begins}");
        return builder.Goes ? builder.Root : null;

        bool Moves()
        {
            try
            {
                return parser.MoveNext();
            }
            catch (YamlException error)
            {
                builder.Stop(PlaceOf(error.Start), $"broken YAML ({Quote.Short(error.Message)})", "check the indentation and quotes up to here");
            }
            catch (Exception error) when (error is InvalidOperationException or ArgumentException or ArithmeticException
                or FormatException or IndexOutOfRangeException)
            {
                // The library's scanner throws these for some broken documents (found by fuzzing) instead of its own exception.
                builder.Stop(PlaceOf(parser.Current?.End ?? new Mark(0, 1, 1)), "broken YAML", "check the indentation and quotes from here on");
            }
            return false;
        }

        void Take(ParsingEvent @event, ref int documents)
        {
            var at = PlaceOf(@event.Start);
            switch (@event)
            {
                case DocumentStart when ++documents > 1:
                    builder.Stop(at, "a second document", $"a file holds one {kind.Name}; put the other into a file of its own");
                    break;
                case AnchorAlias alias when kind.Aliases:
                    builder.Alias(at, alias.Value.Value);
                    break;
                case AnchorAlias alias:
                    builder.Stop(at, $"alias '*{Quote.Short(alias.Value.Value)}'", "aliases are not allowed in a blueprint; write the value out");
                    break;
                case NodeEvent { Anchor.IsEmpty: false } anchored when !kind.Aliases:
                    builder.Stop(at, $"anchor '&{Quote.Short(anchored.Anchor.Value)}'",
                        "anchors are not allowed in a blueprint; write the value out");
                    break;
                case NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag }:
                    builder.Stop(at, $"tag '{Quote.Short(tag.Value)}'", $"tags are not allowed in {kind.What}; quote the value if it is text");
                    break;
                case Scalar scalar:
                    builder.Scalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain, NameOf(scalar));
                    break;
                case MappingStart start:
                    builder.BeginMapping(at, NameOf(start));
                    break;
                case SequenceStart start:
                    builder.BeginSequence(at, NameOf(start));
                    break;
                case MappingEnd or SequenceEnd:
                    builder.End();
                    break;
            }
        }

        static string? NameOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

        Place PlaceOf(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);
    }
}
