using System.Buffers;

namespace Allotrope.Kernel.Tests;

/// <summary>Each row of the specification's format table, written and read.</summary>
public class MessagePackFormatTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7f")]
    [InlineData(128, "cc80")]
    [InlineData(255, "ccff")]
    [InlineData(256, "cd0100")]
    [InlineData(65535, "cdffff")]
    [InlineData(65536, "ce00010000")]
    [InlineData(4294967295, "ceffffffff")]
    [InlineData(4294967296, "cf0000000100000000")]
    [InlineData(-1, "ff")]
    [InlineData(-32, "e0")]
    [InlineData(-33, "d0df")]
    [InlineData(-128, "d080")]
    [InlineData(-129, "d1ff7f")]
    [InlineData(-32768, "d18000")]
    [InlineData(-32769, "d2ffff7fff")]
    [InlineData(-2147483648, "d280000000")]
    [InlineData(-2147483649, "d3ffffffff7fffffff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    public void An_integer_takes_its_shortest_form(long value, string hex)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).Write(value);
        Assert.Equal(hex, Hex(output));
        Assert.Equal(value, new MessagePackReader(output.WrittenSpan).ReadInt64());
    }

    [Fact]
    public void The_largest_unsigned_integer_has_its_place()
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).Write(ulong.MaxValue);
        Assert.Equal("cfffffffffffffffff", Hex(output));
        Assert.Equal(ulong.MaxValue, new MessagePackReader(output.WrittenSpan).ReadUInt64());
    }

    [Theory]
    [InlineData(0, "a0")]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65536, "db00010000")]
    public void A_string_has_a_header_that_fits(int length, string header)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).Write(new string('x', length));
        Assert.StartsWith(header, Hex(output), StringComparison.Ordinal);
        Assert.Equal(new string('x', length), new MessagePackReader(output.WrittenSpan).ReadString());
    }

    [Theory]
    [InlineData(0, "c400")]
    [InlineData(255, "c4ff")]
    [InlineData(256, "c50100")]
    [InlineData(65536, "c600010000")]
    public void A_binary_has_a_header_that_fits(int length, string header)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).WriteBinary(new byte[length]);
        Assert.StartsWith(header, Hex(output), StringComparison.Ordinal);
        Assert.Equal(length, new MessagePackReader(output.WrittenSpan).ReadBinary().Length);
    }

    [Theory]
    [InlineData(0, "c70005")]
    [InlineData(1, "d405")]
    [InlineData(2, "d505")]
    [InlineData(3, "c70305")]
    [InlineData(4, "d605")]
    [InlineData(8, "d705")]
    [InlineData(16, "d805")]
    [InlineData(256, "c8010005")]
    [InlineData(65536, "c90001000005")]
    public void An_extension_has_a_header_that_fits(int length, string header)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).WriteExtension(5, new byte[length]);
        Assert.StartsWith(header, Hex(output), StringComparison.Ordinal);

        var reader = new MessagePackReader(output.WrittenSpan);
        Assert.Equal(length, reader.ReadExtension(out var type).Length);
        Assert.Equal(5, type);
        Assert.True(reader.End);
    }

    [Theory]
    [InlineData(0, "90", "80")]
    [InlineData(15, "9f", "8f")]
    [InlineData(16, "dc0010", "de0010")]
    [InlineData(65536, "dd00010000", "df00010000")]
    public void A_collection_has_a_header_that_fits(int count, string array, string map)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).WriteArrayHeader(count);
        Assert.Equal(array, Hex(output));
        output.Write(new byte[count]);
        Assert.Equal(count, new MessagePackReader(output.WrittenSpan).ReadArrayHeader());

        output = new();
        new MessagePackWriter(output).WriteMapHeader(count);
        Assert.Equal(map, Hex(output));
        output.Write(new byte[2 * count]);
        Assert.Equal(count, new MessagePackReader(output.WrittenSpan).ReadMapHeader());
    }

    [Fact]
    public void Nil_booleans_and_floats_are_those_of_the_table()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteNil();
        writer.Write(value: false);
        writer.Write(value: true);
        writer.Write(1.5f);
        writer.Write(-0.1);
        Assert.Equal("c0c2c3ca3fc00000cbbfb999999999999a", Hex(output));

        var reader = new MessagePackReader(output.WrittenSpan);
        Assert.True(reader.TryReadNil());
        Assert.False(reader.ReadBoolean());
        Assert.False(reader.TryReadNil());
        Assert.True(reader.ReadBoolean());
        Assert.Equal(1.5, reader.ReadDouble());
        Assert.Equal(-0.1, reader.ReadDouble());
    }

    static string Hex(ArrayBufferWriter<byte> output) => Convert.ToHexStringLower(output.WrittenSpan);
}
