using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

public sealed class CborReaderTests
{
    [Fact]
    public void The_vectors_are_the_ones_written_down() => VectorFile.Check("cbor.json", CborVectors.Write(), Here());

    [Fact]
    public void Every_good_item_is_read_to_its_end()
    {
        foreach (var (json, hex) in CborVectors.Good)
        {
            var cbor = new CborReader(Convert.FromHexString(hex));
            Assert.True(cbor.ReadItem().Length * 2 == hex.Length, json);
            Assert.True(cbor.AtEnd, json);
        }
    }

    [Fact]
    public void Every_bad_item_is_malformed()
    {
        foreach (var (hex, _) in CborVectors.Bad)
            Assert.Equal(CloseCode.Malformed, Assert.Throws<ArteryException>(() => ReadAll(Convert.FromHexString(hex))).Code);
    }

    [Fact]
    public void Every_item_cut_short_is_malformed()
    {
        foreach (var (_, hex) in CborVectors.Good)
        {
            for (var length = 0; length < hex.Length; length += 2)
                Assert.Throws<ArteryException>(() => ReadAll(Convert.FromHexString(hex[..length])));
        }
    }

    [Fact]
    public void Arbitrary_bytes_are_read_or_malformed_and_nothing_else()
    {
        var random = new SeededRandom(11);
        var bytes = new byte[64];
        for (var round = 0; round < 20_000; round++)
        {
            random.Fill(bytes);
            try
            {
                ReadAll(bytes);
            }
            catch (ArteryException malformed)
            {
                Assert.Equal(CloseCode.Malformed, malformed.Code);
            }
        }
    }

    [Fact]
    public void Written_values_are_read_back()
    {
        using var output = new FrameBuffer();
        var writer = new CborWriter(output);
        writer.Array(8);
        writer.Integer(long.MinValue);
        writer.Integer(long.MaxValue);
        writer.Double(double.NegativeInfinity);
        writer.Text("döör");
        writer.Bytes([1, 2]);
        writer.Boolean(true);
        writer.Null();
        writer.Map(1);
        writer.Utf8("k"u8);
        writer.Item([]);

        var reader = new CborReader(output.WrittenSpan);
        reader.ReadArray(8);
        Assert.Equal(long.MinValue, reader.ReadInteger());
        Assert.Equal(long.MaxValue, reader.ReadInteger());
        Assert.Equal(double.NegativeInfinity, reader.ReadDouble());
        Assert.Equal("döör", reader.ReadText(6));
        Assert.Equal([1, 2], reader.ReadBytes().ToArray());
        Assert.True(reader.ReadBoolean());
        Assert.True(reader.TryReadNull());
        Assert.Equal(1, reader.ReadMap());
        Assert.Equal("k"u8, reader.ReadUtf8());
        Assert.True(reader.TryReadNull());
        reader.ExpectEnd();
    }

    [Fact]
    public void Text_beyond_its_limit_is_refused_before_it_is_a_string() =>
        Assert.Contains("at most 2", Assert.Throws<ArteryException>(() => new CborReader("cabc"u8).ReadText(2)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_count_out_of_its_range_is_malformed()
    {
        Assert.Throws<ArteryException>(() => new CborReader([0x20]).ReadCount());
        Assert.Throws<ArteryException>(() => new CborReader([0x02]).ReadCount(1));
    }

    static void ReadAll(ReadOnlySpan<byte> bytes) => new CborReader(bytes).ReadItem();

    static string Here([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "VectorTests.cs");
}
