using Allotrope.Kernel;

namespace Allotrope.KeyValue;

/// <summary>Where the fields of a structure lie in its bytes. Fields that are not asked for are passed over; those that are missing are said by name.</summary>
readonly struct Fields
{
    readonly ReadOnlyMemory<byte> _body;
    readonly Dictionary<string, int> _positions;

    Fields(ReadOnlyMemory<byte> body, Dictionary<string, int> positions) => (_body, _positions) = (body, positions);

    /// <param name="names">The fields wanted, which also bounds what is remembered.</param>
    public static Fields Read(ReadOnlyMemory<byte> body, params ReadOnlySpan<string> names)
    {
        Dictionary<string, int> positions = [];
        var reader = new MessagePackReader(body.Span);
        for (var count = reader.ReadMapHeader(); count > 0; count--)
        {
            var name = reader.ReadString();
            if (names.Contains(name))
                positions[name] = reader.Position;
            reader.Skip();
        }
        return new Fields(body, positions);
    }

    public string Text(string name) => At(name).ReadString();

    public int Integer(string name) => At(name).ReadInt32();

    public uint Unsigned(string name) => At(name).ReadUInt32();

    MessagePackReader At(string name) => _positions.TryGetValue(name, out var position)
        ? new MessagePackReader(_body.Span[position..])
        : throw new FaultException(new Fault.Invalid(name, $"The argument has no field {name}."));
}
