using System.Text;

namespace Allotrope.Components.Tests.Differential;

/// <summary>A type of values with the C# type that stands for it, and values of it.</summary>
sealed record RandomShape(Type Host, WitType Wit, Func<Random, object?> Value)
{
    public enum Color
    {
        Red,
        DarkBlue,
        Green,
    }

    [Flags]
    public enum Access : ushort
    {
        None = 0,
        A = 1, B = 2, C = 4, D = 8, E = 16, F = 32, G = 64, H = 128, I = 256,
    }

    public readonly record struct Point(sbyte X, double Y, string Name);

    public sealed record Entry(bool IsSet, Point[] Points, Color? Color, ReadOnlyMemory<byte> Content);

    public abstract record Choice
    {
        public sealed record Nothing : Choice;

        public sealed record Wide(long Value) : Choice;

        public sealed record Narrow(float Value) : Choice;

        public sealed record Precise(double Value) : Choice;

        public sealed record Text(string Value) : Choice;

        public sealed record Place(Point Value) : Choice;

        public sealed record Values((byte, ushort) Value) : Choice;
    }

    static readonly WitType Bytes = new ListType(PrimitiveType.Of(PrimitiveKind.U8));
    static readonly WitType String = PrimitiveType.Of(PrimitiveKind.String);

    /// <summary>One of any type, not deeper than that.</summary>
    public static RandomShape Next(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
            return Plain(random);
        switch (random.Next(8))
        {
            case 0: return List(Next(random, depth - 1));
            case 1: return Fixed(Next(random, depth - 1), random.Next(1, 4));
            case 2: return Option(Next(random, depth - 1));
            case 3: return Result(Next(random, depth - 1), Next(random, depth - 1));
            case 4: return Tuple([.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => Next(random, depth - 1))]);
            default: return Named(random);
        }
    }

    static RandomShape Plain(Random random) => random.Next(14) switch
    {
        0 => Scalar<bool>(PrimitiveKind.Bool, r => r.Next(2) == 0),
        1 => Scalar<sbyte>(PrimitiveKind.S8, r => (sbyte)r.Next()),
        2 => Scalar<byte>(PrimitiveKind.U8, r => (byte)r.Next()),
        3 => Scalar<short>(PrimitiveKind.S16, r => (short)r.Next()),
        4 => Scalar<ushort>(PrimitiveKind.U16, r => (ushort)r.Next()),
        5 => Scalar<int>(PrimitiveKind.S32, r => (int)r.NextInt64()),
        6 => Scalar<uint>(PrimitiveKind.U32, r => (uint)r.NextInt64()),
        7 => Scalar<long>(PrimitiveKind.S64, r => r.NextInt64(long.MinValue, long.MaxValue)),
        8 => Scalar<ulong>(PrimitiveKind.U64, r => (ulong)r.NextInt64(long.MinValue, long.MaxValue)),
        9 => Scalar<float>(PrimitiveKind.F32, r => r.Next(5) == 0 ? float.NaN : r.NextSingle() * 1e9f),
        10 => Scalar<double>(PrimitiveKind.F64, r => r.Next(5) == 0 ? double.NegativeInfinity : r.NextDouble() - 0.5),
        11 => Scalar<Rune>(PrimitiveKind.Char, r => new Rune(r.Next(2) == 0 ? r.Next(0xD800) : r.Next(0x10000, 0x110000))),
        12 => new(typeof(ReadOnlyMemory<byte>), Bytes, r => (ReadOnlyMemory<byte>)RandomBytes(r)),
        _ => Scalar(PrimitiveKind.String, Text),
    };

    static RandomShape Scalar<T>(PrimitiveKind kind, Func<Random, T> value) => new(typeof(T), PrimitiveType.Of(kind), r => value(r));

    static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Of ASCII, of Latin-1 or of anything.</summary>
    static string Text(Random random)
    {
        var most = random.Next(3) switch { 0 => 0x80, 1 => 0x100, _ => 0x110000 };
        var text = new StringBuilder();
        for (var left = random.Next(20); left > 0; left--)
        {
            var letter = random.Next(most);
            text.Append(Rune.IsValid(letter) ? new Rune(letter) : new Rune('x'));
        }

        return text.ToString();
    }

    static RandomShape List(RandomShape element) =>
        new(element.Host.MakeArrayType(), new ListType(element.Wit), r => Items(element, r.Next(5), r));

    static RandomShape Fixed(RandomShape element, int length) =>
        new(element.Host.MakeArrayType(), new ListType(element.Wit, (uint)length), r => Items(element, length, r));

    static Array Items(RandomShape element, int count, Random random)
    {
        var items = Array.CreateInstance(element.Host, count);
        for (var i = 0; i < count; i++)
            items.SetValue(element.Value(random), i);
        return items;
    }

    static RandomShape Option(RandomShape some)
    {
        var wit = VariantType.Option(some.Wit);
        if (some.Wit is VariantType { Form: VariantForm.Option })
        {
            var host = typeof(Option<>).MakeGenericType(some.Host);
            return new(host, wit, r => r.Next(2) == 0 ? Activator.CreateInstance(host) : Activator.CreateInstance(host, true, some.Value(r)));
        }

        var nullable = some.Host.IsValueType ? typeof(Nullable<>).MakeGenericType(some.Host) : some.Host;
        return new(nullable, wit, r => r.Next(2) == 0 ? null : some.Value(r));
    }

    static RandomShape Result(RandomShape ok, RandomShape error)
    {
        var host = typeof(Result<,>).MakeGenericType(ok.Host, typeof(Unit));
        return ok.Wit.Size % 2 == 0
            ? new(host, VariantType.Result(ok.Wit, null), r => host.GetMethod(r.Next(2) == 0 ? "Ok" : "Fail") is { Name: "Ok" } made ? made.Invoke(null, [ok.Value(r)]) : host.GetMethod("Fail")!.Invoke(null, [default(Unit)]))
            : Both(ok, error);
    }

    static RandomShape Both(RandomShape ok, RandomShape error)
    {
        var host = typeof(Result<,>).MakeGenericType(ok.Host, error.Host);
        return new(host, VariantType.Result(ok.Wit, error.Wit), r => r.Next(2) == 0
            ? host.GetMethod("Ok")!.Invoke(null, [ok.Value(r)])
            : host.GetMethod("Fail")!.Invoke(null, [error.Value(r)]));
    }

    static RandomShape Tuple(RandomShape[] parts)
    {
        var host = TupleType([.. parts.Select(part => part.Host)]);
        return new(host, RecordType.Tuple([.. parts.Select(part => part.Wit)]), r => TupleOf(host, [.. parts.Select(part => part.Value(r))]));
    }

    static Type TupleType(Type[] parts)
    {
        Type[] arguments = parts.Length <= 7 ? parts : [.. parts[..7], TupleType(parts[7..])];
        return typeof(ValueTuple).Assembly.GetType($"System.ValueTuple`{arguments.Length}")!.MakeGenericType(arguments);
    }

    static object TupleOf(Type host, object?[] parts) => parts.Length <= 7
        ? Activator.CreateInstance(host, parts)!
        : Activator.CreateInstance(host, [.. parts[..7], TupleOf(host.GetGenericArguments()[7], parts[7..])])!;

    /// <summary>Types that need a name are made once for each function.</summary>
    static RandomShape Named(Random random)
    {
        var f64 = PrimitiveType.Of(PrimitiveKind.F64);
        var color = VariantType.Enum(["red", "dark-blue", "green"]);
        var point = new RecordType(["x", "y", "name"], [PrimitiveType.Of(PrimitiveKind.S8), f64, String]);
        switch (random.Next(5))
        {
            case 0: return new(typeof(Color), color, r => (Color)r.Next(3));
            case 1: return new(typeof(Access), new FlagsType(["a", "b", "c", "d", "e", "f", "g", "h", "i"]), r => (Access)r.Next(512));
            case 2: return new(typeof(Point), point, r => NextPoint(r));
            case 3:
                return new(
                    typeof(Entry), new RecordType(["is-set", "points", "color", "content"], [PrimitiveType.Of(PrimitiveKind.Bool), new ListType(point), VariantType.Option(color), Bytes]),
                    r => new Entry(r.Next(2) == 0, [.. Enumerable.Range(0, r.Next(4)).Select(_ => NextPoint(r))], r.Next(2) == 0 ? null : (Color)r.Next(3), RandomBytes(r)));
            default:
                var choice = new VariantType(
                [
                    new("nothing", null), new("wide", PrimitiveType.Of(PrimitiveKind.S64)), new("narrow", PrimitiveType.Of(PrimitiveKind.F32)), new("precise", f64),
                    new("text", String), new("place", point), new("values", RecordType.Tuple([PrimitiveType.Of(PrimitiveKind.U8), PrimitiveType.Of(PrimitiveKind.U16)])),
                ]);
                return new(typeof(Choice), choice, NextChoice);
        }
    }

    static Point NextPoint(Random random) => new((sbyte)random.Next(), random.NextDouble(), Text(random));

    static Choice NextChoice(Random random) => random.Next(7) switch
    {
        0 => new Choice.Nothing(),
        1 => new Choice.Wide(random.NextInt64(long.MinValue, 0)),
        2 => new Choice.Narrow(random.NextSingle()),
        3 => new Choice.Precise(-random.NextDouble()),
        4 => new Choice.Text(Text(random)),
        5 => new Choice.Place(NextPoint(random)),
        _ => new Choice.Values(((byte)random.Next(), (ushort)random.Next())),
    };
}
