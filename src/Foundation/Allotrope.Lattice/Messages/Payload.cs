using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Allotrope.Kernel;

namespace Allotrope.Lattice;

/// <summary>
/// What a message carries: bytes, or a typed value with the recipe to serialise it. Inside one process the typed value itself is handed
/// over and no byte is written; a lattice that crosses processes calls <see cref="ToBytes"/>.
/// </summary>
public readonly struct Payload
{
    readonly object? _value;
    readonly JsonTypeInfo? _type;
    readonly ReadOnlyMemory<byte> _bytes;

    Payload(object? value, JsonTypeInfo? type, ReadOnlyMemory<byte> bytes) => (_value, _type, _bytes) = (value, type, bytes);

    /// <summary>Wraps bytes; the memory is shared, not copied.</summary>
    public static Payload Of(ReadOnlyMemory<byte> bytes) => new(null, null, bytes);

    /// <summary>Wraps an immutable value.</summary>
    public static Payload Of<T>(T value, JsonTypeInfo<T> type) where T : class => new(value, type, default);

    /// <summary>The value as <typeparamref name="T"/>: the very object that was sent, or one read from its bytes.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when the bytes are no such value.</exception>
    public T As<T>(JsonTypeInfo<T> type) where T : class
    {
        if (_value is T same)
            return same;
        try
        {
            return JsonSerializer.Deserialize(ToBytes().Span, type) ?? throw new FaultException(
                new Fault.Invalid("payload", $"The message carries JSON null where a {typeof(T).Name} was expected."));
        }
        catch (JsonException error)
        {
            throw new FaultException(new Fault.Invalid($"payload, byte {error.BytePositionInLine ?? 0}",
                $"The message is no {typeof(T).Name}: {error.Message}"), error);
        }
    }

    /// <summary>The payload as bytes, serialising a typed value now.</summary>
    public ReadOnlyMemory<byte> ToBytes() => _type is null ? _bytes : JsonSerializer.SerializeToUtf8Bytes(_value, _type);
}
