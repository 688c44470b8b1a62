using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Allotrope.Kernel.Tests;

public class MessagePackPropertyTests
{
    [Fact]
    public void Integers_come_back_as_they_were() => Prop.ForAll(ArbMap.Default.ArbFor<long>(), ArbMap.Default.ArbFor<ulong>(), (signed, unsigned) =>
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.Write(signed);
        writer.Write(unsigned);
        var reader = new MessagePackReader(output.WrittenSpan);
        return reader.ReadInt64() == signed && reader.ReadUInt64() == unsigned && reader.End;
    }).Check(Quiet.Config);

    [Fact]
    public void Floats_come_back_bit_by_bit() => Prop.ForAll(ArbMap.Default.ArbFor<double>(), value =>
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagePackWriter(output).Write(value);
        return new MessagePackReader(output.WrittenSpan).ReadDouble().Equals(value);
    }).Check(Quiet.Config);

    [Fact]
    public void Strings_and_binaries_come_back_as_they_were() =>
        Prop.ForAll(ArbMap.Default.ArbFor<UnicodeString>(), ArbMap.Default.ArbFor<byte[]>(), (text, bytes) =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(output);
            writer.Write(text.Get);
            writer.WriteBinary(bytes);
            var reader = new MessagePackReader(output.WrittenSpan);
            return reader.ReadString() == WellFormed(text.Get) && reader.ReadBinary().SequenceEqual(bytes) && reader.End;
        }).Check(Quiet.Config);

    [Fact]
    public void Skipping_ends_where_writing_ended()
    {
        var random = new Random(1);
        for (var round = 0; round < 2_000; round++)
        {
            var output = new ArrayBufferWriter<byte>();
            WriteAny(new MessagePackWriter(output), random, depth: 0);
            var length = output.WrittenCount;
            output.Write<byte>([0x2a, 0x2a]);
            var reader = new MessagePackReader(output.WrittenSpan);
            reader.Skip();
            Assert.Equal(length, reader.Position);
        }
    }

    /// <summary>Whatever the bytes, the answer is a value or a fault, never another exception and never an endless loop.</summary>
    [Fact]
    public void Mutated_and_random_bytes_are_values_or_faults()
    {
        var random = new Random(2);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = Garbage(random);
            var reader = new MessagePackReader(bytes);
            try
            {
                while (!reader.End)
                    reader.Skip();
            }
            catch (FaultException e)
            {
                Assert.IsType<Fault.Invalid>(e.Fault);
            }
        }
    }

    // A lone surrogate has no UTF-8 and becomes U+FFFD, as everywhere in .NET.
    static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    static byte[] Garbage(Random random)
    {
        byte[] bytes;
        if (random.Next(2) == 0)
        {
            bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            return bytes;
        }

        var output = new ArrayBufferWriter<byte>();
        WriteAny(new MessagePackWriter(output), random, depth: 0);
        bytes = output.WrittenSpan[..random.Next(output.WrittenCount + 1)].ToArray();
        for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    static void WriteAny(MessagePackWriter writer, Random random, int depth)
    {
        var bytes = new byte[random.Next(40)];
        switch (random.Next(depth > 4 ? 7 : 9))
        {
            case 0:
                writer.WriteNil();
                break;
            case 1:
                writer.Write(random.Next(2) == 0);
                break;
            case 2:
                writer.Write(random.NextInt64() >> random.Next(64));
                break;
            case 3:
                writer.Write(random.NextDouble());
                break;
            case 4:
                writer.Write(new string('é', random.Next(300)));
                break;
            case 5:
                writer.WriteBinary(bytes);
                break;
            case 6:
                writer.WriteExtension((sbyte)random.Next(-128, 128), bytes);
                break;
            case 7:
                writer.WriteArrayHeader(bytes.Length / 4);
                WriteMany(writer, random, bytes.Length / 4, depth);
                break;
            default:
                writer.WriteMapHeader(bytes.Length / 8);
                WriteMany(writer, random, bytes.Length / 8 * 2, depth);
                break;
        }
    }

    static void WriteMany(MessagePackWriter writer, Random random, int count, int depth)
    {
        for (var i = 0; i < count; i++)
            WriteAny(writer, random, depth + 1);
    }
}
