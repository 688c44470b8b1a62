using System.Buffers;
using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

public sealed class MessageTests
{
    static readonly Dictionary<string, ReadOnlyMemory<byte>> State = new() { ["on"] = new byte[] { 0xf5 } };
    static readonly Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Services = new() { ["lamp"] = State };

    static readonly (Action<IBufferWriter<byte>> Write, ReadMessage Read)[] All =
    [
        (new ReadyMessage(TimeSpan.FromSeconds(3), ["a*"], [], ["b"], 9).Write, content => Again(ReadyMessage.Read(content).Write)),
        (new CloseMessage(CloseCode.Flood, "why").Write, content => Again(CloseMessage.Read(content).Write)),
        (new FaultMessage("a", "lamp", 3, "why").Write, content => Again(FaultMessage.Read(content).Write)),
        (new Beat(1, 2, true, 3, new StateChange(2, Services, true), [new("lamp", 1, 2, 3, 4)], 5).Write, content => Again(Beat.Read(content).Write)),
        (new Beat(1, 2, false, 3, null, [], null).Write, content => Again(Beat.Read(content).Write)),
        (new BeatReply(1, 2, 3, 4).Write, content => Again(BeatReply.Read(content).Write)),
        (new StateReport(1, true, State, new KnownStreams(5, [new("lamp", 1, 2, 3, 4, 5)])).Write, content => Again(StateReport.Read(content).Write)),
        (new StateReport(1, false, State, null).Write, content => Again(StateReport.Read(content).Write)),
        (new MergedState(1, 2, Services).Write, content => Again(MergedState.Read(content).Write)),
        (new Invocation.Request(1, "lamp", "door", "dim", null, new byte[] { 0x05 }, TimeSpan.FromSeconds(1)).Write,
            content => Again(Invocation.Read(content).Write)),
        (new Invocation.Result(1, new byte[] { 0x05 }).Write, content => Again(Invocation.Read(content).Write)),
        (new Invocation.Error(1, InvocationCode.Failed, "why").Write, content => Again(Invocation.Read(content).Write)),
    ];

    delegate byte[] ReadMessage(ReadOnlySpan<byte> content);

    [Fact]
    public void Every_message_is_read_as_it_was_written()
    {
        foreach (var (write, read) in All)
        {
            var written = Again(write);
            Assert.Equal(written, read(written));
        }
    }

    [Fact]
    public void Every_message_cut_short_or_with_a_byte_behind_it_is_malformed()
    {
        foreach (var (write, read) in All)
        {
            var written = Again(write);
            for (var length = 0; length < written.Length; length++)
                Assert.Throws<ArteryException>(() => read(written.AsSpan(0, length)));
            Assert.Throws<ArteryException>(() => read([.. written, 0x00]));
        }
    }

    [Fact]
    public void Every_message_with_bytes_changed_is_read_or_malformed_and_nothing_else()
    {
        var random = new SeededRandom(31);
        var change = new byte[4];
        for (var round = 0; round < 20_000; round++)
        {
            var (write, read) = All[round % All.Length];
            var bytes = Again(write);
            random.Fill(change);
            bytes[change[0] % bytes.Length] = change[1];
            bytes[change[2] % bytes.Length] = change[3];
            try
            {
                read(bytes);
            }
            catch (ArteryException malformed)
            {
                Assert.Equal(CloseCode.Malformed, malformed.Code);
            }
        }
    }

    [Theory]
    [InlineData("f6", true)]
    [InlineData("82016161", true)]
    [InlineData("a1616181f5", true)]
    [InlineData("41ff", false)]
    [InlineData("a161618141ff", false)]
    public void State_is_primitive(string hex, bool primitive) => Assert.Equal(primitive, StateMap.IsPrimitive(Convert.FromHexString(hex)));

    [Fact]
    public void State_that_is_not_primitive_is_refused() =>
        Assert.Throws<ArteryException>(() => StateReport.Read(Convert.FromHexString("8401f5a1616b41fff6")));

    [Fact]
    public void A_key_that_comes_twice_is_refused() =>
        Assert.Throws<ArteryException>(() => StateReport.Read(Convert.FromHexString("8401f5a2616b01616b02f6")));

    [Theory]
    [InlineData("lamp.on", "lamp.on", true)]
    [InlineData("lamp.*", "lamp.on", true)]
    [InlineData("*", "anything", true)]
    [InlineData("lamp", "lamp.on", false)]
    [InlineData("lamp.*", "lamp", false)]
    public void A_pattern_is_a_name_or_a_prefix(string pattern, string name, bool matches) =>
        Assert.Equal(matches, IntentName.Matches(pattern, name));

    [Theory]
    [InlineData("HEARTBEAT", true)]
    [InlineData("CORE_STABLIZED", true)]
    [InlineData("__OZONE_CORE__GET_STATE", true)]
    [InlineData("PULSE_RISEN", false)]
    [InlineData("lamp.on", false)]
    public void Some_names_are_the_cores(string name, bool reserved) => Assert.Equal(reserved, IntentName.IsReserved(name));

    static byte[] Again(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
