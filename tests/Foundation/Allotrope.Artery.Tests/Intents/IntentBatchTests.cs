using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

public sealed class IntentBatchTests
{
    static readonly Origin Lamp = new("lamp", 7);

    [Fact]
    public void Intents_are_read_as_they_were_written()
    {
        using var batch = new FrameBuffer();
        var writer = new IntentBatchWriter(batch, new IntentWriteTables(), 1000);
        writer.Write(new Intent("lamp.on", Lamp, 1, 999, [0xf5], ack: 0));
        writer.Write(new Intent("lamp.on", Lamp, long.MaxValue, long.MinValue, []));

        var reader = new IntentBatchReader(batch.WrittenSpan, new IntentReadTables());
        Assert.True(reader.TryRead(out var first));
        Assert.Equal(("lamp.on", Lamp, 1L, 999L, 0L), (first.Name, first.Origin, first.Sequence, first.Time, first.Ack));
        Assert.Equal([0xf5], first.Data.ToArray());
        Assert.True(reader.TryRead(out var second));
        Assert.Equal((long.MaxValue, long.MinValue, (long?)null, 0), (second.Sequence, second.Time, second.Ack, second.Data.Length));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_name_and_an_origin_are_spelled_out_once_on_a_link()
    {
        var tables = new IntentWriteTables();
        var first = Batch(tables, new Intent("a.long.name.of.an.intent", Lamp, 1, 0, []));
        var second = Batch(tables, new Intent("a.long.name.of.an.intent", new Origin("lamp", 7), 2, 0, []));
        Assert.True(first.Length > 30);
        Assert.Equal(6, second.Length);
    }

    [Fact]
    public void An_origin_in_another_epoch_is_another()
    {
        var (write, read) = (new IntentWriteTables(), new IntentReadTables());
        Assert.Equal(new Origin("lamp", 7), One(Batch(write, new Intent("x", Lamp, 1, 0, [])), read));
        Assert.Equal(new Origin("lamp", 8), One(Batch(write, new Intent("x", new Origin("lamp", 8), 1, 0, [])), read));
        Assert.Equal(new Origin("lamp", 7), One(Batch(write, new Intent("x", Lamp, 2, 0, [])), read));
    }

    [Fact]
    public void Beyond_the_table_names_are_spelled_out_each_time_and_still_understood()
    {
        var (write, read) = (new IntentWriteTables(), new IntentReadTables());
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < ArteryLimits.Interned + 10; i++)
            {
                var reader = new IntentBatchReader(Batch(write, new Intent($"name.{i}", Lamp, 1, 0, [])), read);
                Assert.True(reader.TryRead(out var intent));
                Assert.Equal($"name.{i}", intent.Name);
            }
        }
    }

    [Theory]
    [InlineData("", "a base time is missing")]
    [InlineData("0001", "a reference to nothing")]
    [InlineData("00000002c32800", "a name that is not UTF-8")]
    [InlineData("00000000", "an empty name")]
    [InlineData("0000022020010000", "a name of spaces")]
    [InlineData("00000161000162070100", "no size")]
    [InlineData("0000016100016207010006f5", "data cut off")]
    [InlineData("0000016100016207010004f5f5", "two items of data")]
    [InlineData("0000016100016207010002ff", "data that is no CBOR")]
    [InlineData("80000000", "a number not in its shortest form")]
    public void What_is_no_batch_is_malformed(string hex, string why) => Assert.True(Malformed(Convert.FromHexString(hex)), why);

    [Fact]
    public void Data_beyond_its_limit_is_refused_before_it_is_read()
    {
        byte[] batch = [.. Convert.FromHexString("000001610001620701"), 0x00, 0x82, 0x80, 0x20];
        var code = Assert.Throws<ArteryException>(() => One(batch, new IntentReadTables())).Code;
        Assert.Equal(CloseCode.TooLarge, code);
    }

    [Fact]
    public void Arbitrary_bytes_are_read_or_refused_and_nothing_else()
    {
        var random = new SeededRandom(3);
        var good = Batch(new IntentWriteTables(), new Intent("lamp.on", Lamp, 1, 5, [0x82, 0x01, 0x61, 0x61], ack: 9));
        Span<byte> change = stackalloc byte[4];
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good.ToArray();
            random.Fill(change);
            bytes[change[0] % bytes.Length] = change[1];
            bytes[change[2] % bytes.Length] = change[3];
            try
            {
                One(bytes, new IntentReadTables());
            }
            catch (ArteryException refused)
            {
                Assert.True(refused.Code is CloseCode.Malformed or CloseCode.TooLarge);
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_an_intent_once_its_name_is_known()
    {
        var (write, read) = (new IntentWriteTables(), new IntentReadTables());
        using var batch = new FrameBuffer();
        byte[] data = [0x82, 0x01, 0x02];
        Assert.Equal(0, Steadily.Allocates(() =>
        {
            batch.Clear();
            var writer = new IntentBatchWriter(batch, write, 0);
            for (var i = 0; i < 100; i++)
                writer.Write(new Intent(i % 2 == 0 ? "lamp.on" : "lamp.off", Lamp, i, i, data));
            var reader = new IntentBatchReader(batch.WrittenSpan, read);
            while (reader.TryRead(out _))
            {
                // Read for its own sake
            }
        }));
    }

    static byte[] Batch(IntentWriteTables tables, Intent intent)
    {
        using var batch = new FrameBuffer();
        new IntentBatchWriter(batch, tables, intent.Time).Write(intent);
        return batch.WrittenSpan.ToArray();
    }

    static Origin? One(byte[] batch, IntentReadTables tables)
    {
        var reader = new IntentBatchReader(batch, tables);
        Origin? last = null;
        while (reader.TryRead(out var intent))
            last = intent.Origin;
        return last;
    }

    static bool Malformed(byte[] batch) => Assert.Throws<ArteryException>(() => One(batch, new IntentReadTables())).Code == CloseCode.Malformed;
}
