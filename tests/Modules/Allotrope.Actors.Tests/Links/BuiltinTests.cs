using System.Buffers;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class BuiltinTests : IAsyncLifetime
{
    const string Logging = "wasmcloud:builtin:logging";
    const string NumberGen = "wasmcloud:builtin:numbergen";

    ActorNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ActorNode.StartAsync();
        await _node.RunAsync("actor", Probe.Signed(capabilities: [Logging, NumberGen]));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("warn", "warn")]
    [InlineData("debug", "debug")]
    [InlineData("shout", "info")]
    public async Task WriteLog_writes_a_line_at_its_level(string level, string logged)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(2);
        writer.Write("level");
        writer.Write(level);
        writer.Write("text");
        writer.Write("it is late");

        Assert.Equal(0, (await AskAsync(Logging, "Logging.WriteLog", buffer.WrittenMemory)).Length);
        var line = Assert.Single(await _node.LogsAsync("actor"));
        Assert.Equal((logged, "it is late"), (line.Level, line.Text));
    }

    [Fact]
    public async Task GenerateGuid_gives_a_random_uuid()
    {
        var guid = new MessagePackReader((await AskAsync(NumberGen, "NumberGen.GenerateGuid")).Span).ReadString();

        Assert.Equal(4, Guid.ParseExact(guid, "D").Version);
        Assert.NotEqual(guid, new MessagePackReader((await AskAsync(NumberGen, "NumberGen.GenerateGuid")).Span).ReadString());
    }

    [Fact]
    public async Task Random32_gives_numbers_of_the_whole_range()
    {
        var all = 0u;
        for (var i = 0; i < 64; i++)
            all |= new MessagePackReader((await AskAsync(NumberGen, "NumberGen.Random32")).Span).ReadUInt32();

        Assert.Equal(uint.MaxValue, all);
    }

    [Fact]
    public async Task RandomInRange_stays_within_and_reaches_both_ends()
    {
        var seen = new HashSet<uint>();
        for (var i = 0; i < 200; i++)
            seen.Add(new MessagePackReader((await AskAsync(NumberGen, "NumberGen.RandomInRange", Range(3, 6))).Span).ReadUInt32());

        Assert.Equal(new uint[] { 3, 4, 5, 6 }, seen.Order());
    }

    [Fact]
    public async Task A_range_that_ends_before_it_begins_is_an_error_text() =>
        Assert.Contains("min must not exceed max", await ErrorAsync("actor", NumberGen, "NumberGen.RandomInRange", Range(6, 3)), StringComparison.Ordinal);

    [Fact]
    public async Task An_argument_that_is_no_message_is_an_error_text() =>
        Assert.Contains("MessagePack", await ErrorAsync("actor", Logging, "Logging.WriteLog", new byte[] { 0xc1 }), StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_operation_is_an_error_text() =>
        Assert.Contains("no operation NumberGen.Dice", await ErrorAsync("actor", NumberGen, "NumberGen.Dice", default), StringComparison.Ordinal);

    [Fact]
    public async Task Even_a_built_in_contract_must_be_claimed()
    {
        await _node.RunAsync("plain", Probe.Signed());

        Assert.StartsWith(
            "missing capability claim for " + Logging, await ErrorAsync("plain", Logging, "Logging.WriteLog", default), StringComparison.Ordinal);
    }

    static byte[] Range(uint min, uint max)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(2);
        writer.Write("min");
        writer.Write((ulong)min);
        writer.Write("max");
        writer.Write((ulong)max);
        return buffer.WrittenSpan.ToArray();
    }

    async Task<ReadOnlyMemory<byte>> AskAsync(string contract, string operation, ReadOnlyMemory<byte> argument = default)
    {
        var result = await _node.CallAsync("actor", "host", Probe.HostCall("default", contract, operation, argument.Span));
        Assert.Null(result.Error);
        return result.Body;
    }

    async Task<string?> ErrorAsync(string actor, string contract, string operation, ReadOnlyMemory<byte> argument) =>
        (await _node.CallAsync(actor, "host", Probe.HostCall("default", contract, operation, argument.Span))).Error;
}
