using System.Buffers;
using System.Text;
using Allotrope.Components.Tests.Differential;
using Allotrope.Components.Tests.SpecTests;

namespace Allotrope.Components.Tests.Messages;

/// <summary>Values as bytes (docs/reference/component-values.md).</summary>
public sealed class FunctionEncodingTests
{
    static readonly WitType Text = PrimitiveType.Of(PrimitiveKind.String);
    static readonly WitType U8 = PrimitiveType.Of(PrimitiveKind.U8);

    static FunctionEncoding Gives(WitType type) => new(new([], type, isAsync: false));

    static byte[] Write(WitType type, object? value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Gives(type).WriteResult(value, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    static object? Read(WitType type, params byte[] bytes) => Gives(type).ReadResult(bytes);

    static string Problem(WitType type, params byte[] bytes) => Assert.Throws<InvalidDataException>(() => Read(type, bytes)).Message;

    public static TheoryData<string, object, byte[]> Scalars => new()
    {
        { "bool", true, [1] },
        { "u8", (byte)200, [200] },
        { "s8", (sbyte)-1, [0xFF] },
        { "u16", (ushort)300, [0xAC, 0x02] },
        { "s16", (short)-2, [0x7E] },
        { "u32", uint.MaxValue, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F] },
        { "s32", 64, [0xC0, 0x00] },
        { "s32", int.MinValue, [0x80, 0x80, 0x80, 0x80, 0x78] },
        { "u64", ulong.MaxValue, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] },
        { "s64", long.MinValue, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F] },
        { "f32", 1f, [0, 0, 0x80, 0x3F] },
        { "f32", float.NaN, [0, 0, 0xC0, 0x7F] },
        { "f64", double.NaN, [0, 0, 0, 0, 0, 0, 0xF8, 0x7F] },
        { "char", new Rune('ü'), [0xC3, 0xBC] },
        { "string", "ü!", [3, 0xC3, 0xBC, 0x21] },
    };

    [Theory]
    [MemberData(nameof(Scalars), DisableDiscoveryEnumeration = true)]
    public void A_scalar_is_as_the_binary_format_of_components_has_it(string type, object value, byte[] bytes)
    {
        var wit = PrimitiveType.Of(Enum.Parse<PrimitiveKind>(type, ignoreCase: true));
        Assert.Equal(bytes, Write(wit, value));
        Assert.Equal(value, Read(wit, bytes));
    }

    [Fact]
    public void What_is_made_of_others_is_one_after_the_other()
    {
        var shape = new VariantType([new("none", null), new("named", Text), new("sized", RecordType.Tuple([U8, U8]))]);
        Assert.Equal([2, 3, 4], Write(shape, new VariantValue(2, new object?[] { (byte)3, (byte)4 })));
        Assert.Equal([1, 1, (byte)'x'], Write(shape, new VariantValue(1, "x")));
        Assert.Equal([2, 0, 1, 7], Write(new ListType(VariantType.Option(U8)), new object?[] { new VariantValue(0), new VariantValue(1, (byte)7) }));
        Assert.Equal([7, 8], Write(new ListType(U8, 2), new object?[] { (byte)7, (byte)8 }));
        Assert.Equal([2, 7, 8], Write(new ListType(U8), new byte[] { 7, 8 }));
        Assert.Equal([0b101, 1], Write(new FlagsType(["a", "b", "c", "d", "e", "f", "g", "h", "i"]), 0b1_0000_0101u));
    }

    [Fact]
    public void The_examples_of_the_reference_are_right()
    {
        var person = new RecordType(["name", "visits"], [Text, PrimitiveType.Of(PrimitiveKind.U32)]);
        var find = new FunctionEncoding(new([new("id", PrimitiveType.Of(PrimitiveKind.U32))], VariantType.Option(person), isAsync: false));
        var bytes = new ArrayBufferWriter<byte>();
        find.WriteArguments([7u], bytes);
        Assert.Equal([7], bytes.WrittenSpan.ToArray());
        bytes.Clear();
        find.WriteResult(new VariantValue(1, new object?[] { "Ada", 300u }), bytes);
        Assert.Equal("01 03 41 64 61 AC 02", string.Join(' ', bytes.WrittenSpan.ToArray().Select(each => $"{each:X2}")));
    }

    [Fact]
    public void Values_of_any_type_come_back_as_they_were()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var shape = RandomShape.Next(random, 3);
            var bound = new ShapeBinding(_ => null).Bind(shape.Host, shape.Wit, isGiven: true);
            var value = bound.FromHost(shape.Value(random));
            Assert.True(ComponentConstant.AreEqual(value, Read(shape.Wit, Write(shape.Wit, value))), $"seed {seed}: {shape.Wit}");
        }
    }

    [Fact]
    public void What_is_no_value_of_the_type_is_refused_with_the_place()
    {
        Assert.Equal("at byte 1: a bool is 0 or 1, not 2", Problem(PrimitiveType.Of(PrimitiveKind.Bool), 2));
        Assert.Equal("at byte 1: a option of 2 cases cannot be case 2", Problem(VariantType.Option(U8), 2));
        Assert.Equal("at byte 0: 1 bytes were to follow and 0 are there", Problem(U8));
        Assert.Equal("at byte 3: a number has more than 16 bits", Problem(PrimitiveType.Of(PrimitiveKind.U16), 0x80, 0x80, 0x04));
        Assert.Equal("at byte 5: a number has more than 32 bits", Problem(PrimitiveType.Of(PrimitiveKind.S32), 0x80, 0x80, 0x80, 0x80, 0x08));
        Assert.Equal("at byte 3: a string is no UTF-8", Problem(Text, 2, 0xC3, 0x28));
        Assert.Equal("at byte 0: a char is one character of UTF-8", Problem(PrimitiveType.Of(PrimitiveKind.Char), 0xED, 0xA0, 0x80));
        Assert.Equal("at byte 1: a bit is set that is no flag's", Problem(new FlagsType(["a"]), 2));
        Assert.Equal("at byte 4: there is one NaN, 0x7fc00000", Problem(PrimitiveType.Of(PrimitiveKind.F32), 1, 0, 0xC0, 0x7F));
        Assert.Equal("1 bytes are left behind the last value", Problem(U8, 1, 2));
    }

    [Fact]
    public void A_length_that_lies_takes_no_room()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("at byte 5: a list of 4294967295 items is to lie in 1 bytes", Problem(new ListType(Text), 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0));
        Assert.Equal("at byte 5: 4294967295 bytes were to follow and 1 are there", Problem(Text, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Values_that_take_more_than_a_call_may_are_refused()
    {
        var bytes = new byte[4 + (1 << 22)];
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (0x80, 0x80, 0x80, 0x02);
        Assert.EndsWith("the values of one call take too much memory", Problem(new ListType(PrimitiveType.Of(PrimitiveKind.Bool)), bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_any_kind_are_values_or_refused()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var shape = RandomShape.Next(random, 3);
            var bytes = new byte[random.Next(40)];
            if (random.Next(2) == 0)
                random.NextBytes(bytes);
            else
                bytes = Changed(Write(shape.Wit, new ShapeBinding(_ => null).Bind(shape.Host, shape.Wit, isGiven: true).FromHost(shape.Value(random))), random);
            try
            {
                var value = Read(shape.Wit, bytes);
                Assert.True(ComponentConstant.AreEqual(value, Read(shape.Wit, Write(shape.Wit, value))));
            }
            catch (InvalidDataException)
            {
                // Refused, as most are.
            }
        }
    }

    [Fact]
    public void The_digest_tells_types_apart_and_not_objects()
    {
        Assert.Equal(Digest("value", Text), Digest("value", Text));
        Assert.Equal(Digest("v", new RecordType(["a"], [U8])), Digest("v", new RecordType(["a"], [U8])));
        Assert.NotEqual(Digest("value", Text), Digest("text", Text));
        Assert.NotEqual(Digest("v", new RecordType(["a"], [U8])), Digest("v", new RecordType(["b"], [U8])));
        Assert.NotEqual(Digest("v", new ListType(U8)), Digest("v", new ListType(U8, 3)));

        static byte[] Digest(string name, WitType type) => new FunctionEncoding(new([new(name, type)], null, isAsync: false)).Digest.ToArray();
    }

    [Fact]
    public void Resources_and_streams_cannot_be_encoded()
    {
        var handle = new HandleType(new ResourceType(new ResourceIdentity()), isBorrow: true);
        Assert.Equal("it passes resources, which live in one process", FunctionEncoding.Obstacle(new([new("a", new ListType(handle))], null, isAsync: false)));
        Assert.Equal("it passes streams or futures, which live in one process", FunctionEncoding.Obstacle(new([], new ChannelType(U8, isFuture: false), isAsync: false)));
        Assert.Null(FunctionEncoding.Obstacle(new([new("a", Text)], null, isAsync: false)));
    }

    static byte[] Changed(byte[] bytes, Random random)
    {
        if (bytes.Length > 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }
}
