using System.Buffers.Binary;
using System.Text;
using Allotrope.Control;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Tests.Control;

public class FrameCodecTests
{
    static readonly Message Greeting = new(
        "blueprint.put", Payload.Of("grüß"u8.ToArray()), new Headers(KeyValuePair.Create("traceparent", "00-1"), KeyValuePair.Create("a", "b")));

    [Fact]
    public void A_request_arrives_as_it_was_sent()
    {
        var read = Assert.IsType<Frame.Request>(RoundTrip(new Frame.Request(Greeting, TimeSpan.FromMilliseconds(1500))));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), read.Timeout);
        AssertSame(Greeting, read.Message);
    }

    [Fact]
    public void A_reply_and_a_delivery_arrive_as_they_were_sent()
    {
        AssertSame(Greeting, Assert.IsType<Frame.Reply>(RoundTrip(new Frame.Reply(Greeting))).Message);
        AssertSame(Greeting, Assert.IsType<Frame.Delivery>(RoundTrip(new Frame.Delivery(Greeting))).Message);
        Assert.Equal("log.>", Assert.IsType<Frame.Subscribe>(RoundTrip(new Frame.Subscribe("log.>"))).Pattern);
    }

    public static TheoryData<Fault> Faults =>
    [
        new Fault.NotFound("n"), new Fault.Refused("r"), new Fault.Conflict("c"), new Fault.Unreachable("u"), new Fault.Exhausted("e"),
        new Fault.TimedOut("t"), new Fault.Damaged("d"), new Fault.Failed("f"),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_keeps_its_kind_and_sentence(Fault fault) =>
        Assert.Equal(fault, Assert.IsType<Frame.Failure>(RoundTrip(new Frame.Failure(fault))).Fault);

    [Fact]
    public void An_invalid_input_keeps_its_place_and_all_its_problems()
    {
        var sent = new Fault.Invalid("app.yaml:3:5", "first") { More = ["second", "third"] };
        var read = Assert.IsType<Fault.Invalid>(Assert.IsType<Frame.Failure>(RoundTrip(new Frame.Failure(sent))).Fault);
        Assert.Equal((sent.Where, sent.Message), (read.Where, read.Message));
        Assert.Equal(sent.More, read.More);
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_anything_is_read()
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, FrameCodec.FrameLength + 1);
        var error = await Assert.ThrowsAsync<FaultException>(async () => await FrameCodec.ReadAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken));
        Assert.IsType<Fault.Exhausted>(error.Fault);
    }

    [Fact]
    public async Task A_stream_that_ends_within_a_frame_has_no_frame()
    {
        var whole = FrameCodec.Encode(new Frame.Reply(Greeting));
        foreach (var length in new[] { 0, 3, 4, whole.Length - 1 })
            Assert.Null(await FrameCodec.ReadAsync(new MemoryStream(whole[..length]), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void More_headers_than_allowed_are_refused()
    {
        var many = new Headers([.. Enumerable.Range(0, FrameCodec.HeaderCount + 1).Select(i => KeyValuePair.Create($"h{i}", "v"))]);
        Assert.Throws<FaultException>(() => RoundTrip(new Frame.Reply(new Message("s", Headers: many))));
    }

    [Fact]
    public void Whatever_arrives_is_a_frame_or_an_invalid_input()
    {
        var random = new Random(20211121);
        var good = FrameCodec.Encode(new Frame.Request(Greeting, TimeSpan.FromSeconds(1)))[FrameCodec.PrefixLength..];
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = round % 2 == 0 ? new byte[random.Next(64)] : (byte[])good.Clone();
            if (round % 2 == 0)
                random.NextBytes(bytes);
            else
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                FrameCodec.Decode(bytes);
            }
            catch (FaultException error)
            {
                Assert.IsType<Fault.Invalid>(error.Fault);
            }
        }
    }

    static Frame RoundTrip(Frame frame)
    {
        var bytes = FrameCodec.Encode(frame);
        Assert.Equal(bytes.Length - FrameCodec.PrefixLength, BinaryPrimitives.ReadInt32LittleEndian(bytes));
        return FrameCodec.Decode(bytes.AsMemory(FrameCodec.PrefixLength));
    }

    static void AssertSame(Message sent, Message read)
    {
        Assert.Equal(sent.Subject, read.Subject);
        Assert.Equal(sent.Headers?.ToList(), read.Headers?.ToList());
        Assert.Equal(Encoding.UTF8.GetString(sent.Payload.ToBytes().Span), Encoding.UTF8.GetString(read.Payload.ToBytes().Span));
    }
}
