using System.Buffers;

namespace Allotrope.Kernel.Tests;

public class MessagePackReaderTests
{
    /// <summary>The golden HTTP request of wasmbus-rpc.</summary>
    [Fact]
    public void A_request_of_an_http_server_reads_field_by_field()
    {
        var reader = new MessagePackReader(Convert.FromHexString(
            "85a66d6574686f64a3474554a470617468a42f666f6fab7175657279537472696e67a3613d31a668656164657281a4486f737491a178a4626f6479c4026869"));
        Assert.Equal(5, reader.ReadMapHeader());
        Assert.Equal(["method", "GET"], [reader.ReadString(), reader.ReadString()]);
        Assert.Equal(["path", "/foo"], [reader.ReadString(), reader.ReadString()]);
        Assert.Equal(["queryString", "a=1"], [reader.ReadString(), reader.ReadString()]);
        Assert.Equal("header", reader.ReadString());
        Assert.Equal(1, reader.ReadMapHeader());
        Assert.Equal("Host", reader.ReadString());
        Assert.Equal(1, reader.ReadArrayHeader());
        Assert.Equal("x", reader.ReadString());
        Assert.True(reader.ReadUtf8().SequenceEqual("body"u8));
        Assert.True(reader.ReadBinary().SequenceEqual("hi"u8));
        Assert.True(reader.End);
    }

    [Theory]
    [InlineData("", "ends in the middle")]
    [InlineData("cd01", "ends in the middle")]
    [InlineData("c1", "never used")]
    [InlineData("a36162", "claims a length of 3, but only 2 bytes are left")]
    [InlineData("c6ffffffff00", "claims a length of 4294967295")]
    [InlineData("ddffffffff00", "claims a length of 4294967295")]
    [InlineData("df7fffffff00", "claims a length of 2147483647")]
    [InlineData("820001", "Map claims a length of 2, but only 2 bytes are left")]
    [InlineData("d80000", "Extension claims a length of 16")]
    public void A_message_that_promises_too_much_is_refused(string hex, string reason)
    {
        var fault = Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Skip(Convert.FromHexString(hex))).Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("byte ", fault.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_kind_than_expected_is_named()
    {
        var message = Assert.Throws<FaultException>(() => new MessagePackReader([0x01]).ReadString()).Message;
        Assert.Contains("Expected String, found Integer", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cf8000000000000000")]
    [InlineData("ce80000000")]
    [InlineData("d3ffffffff00000000")]
    public void An_integer_beyond_the_type_asked_for_is_refused(string hex) =>
        Assert.Throws<FaultException>(() => new MessagePackReader(Convert.FromHexString(hex)).ReadInt32());

    [Fact]
    public void A_string_that_is_not_utf8_is_refused() =>
        Assert.Throws<FaultException>(() => new MessagePackReader([0xa2, 0xc3, 0x28]).ReadString());

    [Fact]
    public void A_nil_in_place_of_a_binary_is_empty()
    {
        var reader = new MessagePackReader([0xc0, 0x2a]);
        Assert.True(reader.ReadBinary().IsEmpty);
        Assert.Equal(42, reader.ReadInt32());
    }

    [Fact]
    public void A_timestamp_is_passed_over()
    {
        var reader = new MessagePackReader(Convert.FromHexString("d6ff5a4af6a5" + "d7ff5a4af6a55a4af6a5" + "c70cff0000000000000000000000ff" + "2a"));
        reader.Skip();
        reader.Skip();
        reader.Skip();
        Assert.Equal(42, reader.ReadInt32());
    }

    [Fact]
    public void Skipping_passes_over_nested_values()
    {
        var reader = new MessagePackReader(Convert.FromHexString("82a16192c4020102cb3ff0000000000000a162810193c0c2c32a"));
        reader.Skip();
        Assert.Equal(42, reader.ReadInt32());
    }

    [Fact]
    public void Nesting_is_followed_to_its_limit_and_no_further()
    {
        byte[] Nested(int depth) => [.. Enumerable.Repeat((byte)0x91, depth), 0xc0];
        Skip(Nested(MessagePackReader.MaxDepth));
        var message = Assert.Throws<FaultException>(() => Skip(Nested(MessagePackReader.MaxDepth + 1))).Message;
        Assert.Contains("nested deeper than 64", message, StringComparison.Ordinal);
        Assert.Throws<FaultException>(() => Skip(Nested(1_000_000)));
    }

    [Fact]
    public void Reading_and_writing_do_not_allocate()
    {
        var output = new ArrayBufferWriter<byte>(1024);
        RoundTrip(output);
        output.ResetWrittenCount();

        var before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrip(output);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static void RoundTrip(ArrayBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(2);
        writer.Write("statusCode");
        writer.Write(200);
        writer.WriteUtf8("body"u8);
        writer.WriteBinary("hello"u8);

        var reader = new MessagePackReader(output.WrittenSpan);
        var pairs = reader.ReadMapHeader();
        var known = reader.ReadUtf8().SequenceEqual("statusCode"u8) && reader.ReadInt32() == 200;
        reader.Skip();
        Assert.True(known && reader.ReadBinary().Length == 5 && pairs == 2);
    }

    static void Skip(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        reader.Skip();
    }
}
