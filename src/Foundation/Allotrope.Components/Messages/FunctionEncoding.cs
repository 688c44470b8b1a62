using System.Buffers;

namespace Allotrope.Components;

/// <summary>
/// The arguments and the result of a function as bytes, for callers in other places (docs/reference/component-values.md). Nothing in them says what they
/// are: both sides know the function's type, and <see cref="Digest"/> tells whether they know the same.
/// </summary>
public sealed class FunctionEncoding
{
    readonly WitType[] _parameters;
    readonly WitType[] _results;

    /// <exception cref="NotSupportedException"><see cref="Obstacle"/> has a reason.</exception>
    public FunctionEncoding(ComponentFunctionType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (Obstacle(type) is { } reason)
            throw new NotSupportedException(reason);
        Type = type;
        _parameters = [.. type.Parameters.Select(parameter => parameter.Type)];
        _results = type.Result is null ? [] : [type.Result];
        Digest = TypeDigest.Of(type);
    }

    /// <summary>The function's type.</summary>
    public ComponentFunctionType Type { get; }

    /// <summary>16 bytes that are the same for functions of the same type.</summary>
    public ReadOnlyMemory<byte> Digest { get; }

    /// <summary>Why values of such a function cannot leave the process; null when they can.</summary>
    public static string? Obstacle(ComponentFunctionType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        foreach (var each in type.Parameters.Select(parameter => parameter.Type).Append(type.Result).OfType<WitType>())
        {
            if (each.HasOwn || each.HasBorrow)
                return "it passes resources, which live in one process";
            if (each.HasChannel)
                return "it passes streams or futures, which live in one process";
        }

        return type.IsAsync ? "it is asynchronous" : null;
    }

    /// <param name="values">As <see cref="ComponentInstance"/> lists them.</param>
    /// <param name="to">Gets the bytes.</param>
    /// <exception cref="ArgumentException">One is of another type, or there are more or fewer.</exception>
    public void WriteArguments(object?[] values, IBufferWriter<byte> to) => Write(_parameters, values, to);

    /// <exception cref="InvalidDataException">The bytes are no such values, or more than those; the message says where.</exception>
    public object?[] ReadArguments(ReadOnlySpan<byte> bytes) => Read(_parameters, bytes);

    /// <param name="value">Ignored when the function gives nothing.</param>
    /// <param name="to">Gets the bytes.</param>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public void WriteResult(object? value, IBufferWriter<byte> to) => Write(_results, _results.Length == 0 ? [] : [value], to);

    /// <returns>Null when the function gives nothing.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such value, or more than that; the message says where.</exception>
    public object? ReadResult(ReadOnlySpan<byte> bytes) => Read(_results, bytes) is [var value] ? value : null;

    static void Write(WitType[] types, object?[] values, IBufferWriter<byte> to)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(to);
        if (values.Length != types.Length)
            throw new ArgumentException($"{values.Length} values were given where there are {types.Length}", nameof(values));
        var writer = new ValueWriter(to);
        for (var i = 0; i < types.Length; i++)
            writer.Write(types[i], values[i]);
    }

    static object?[] Read(WitType[] types, ReadOnlySpan<byte> bytes)
    {
        var reader = new ValueReader(bytes);
        var values = new object?[types.Length];
        for (var i = 0; i < types.Length; i++)
            values[i] = reader.Read(types[i]);
        return reader.IsAtEnd ? values : throw new InvalidDataException($"{reader.Rest.Length} bytes are left behind the last value");
    }
}
