using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>Reads arguments that are no structure.</summary>
static class Argument
{
    public static string Text(ReadOnlyMemory<byte> body) => new MessagePackReader(body.Span).ReadString();

    public static List<string> Texts(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body.Span);
        List<string> texts = [];
        for (var count = reader.ReadArrayHeader(); count > 0; count--)
            texts.Add(reader.ReadString());
        return texts;
    }
}
