using System.Threading.Channels;

namespace Allotrope.Artery.Client.Tests;

/// <summary>A core that has the key and lies, or has it not: the artery is closed with one sentence, and the service goes on with the next core.</summary>
public class HostileCoreTests
{
    // The first frames of a core are CHALLENGE and READY
    const int FirstFrame = 2;

    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public static TheoryData<string, CloseCode> Lies => new()
    {
        { "nothing", CloseCode.Malformed },
        { "one byte", CloseCode.Malformed },
        { "a reserved kind", CloseCode.Malformed },
        { "a reserved flag", CloseCode.Malformed },
        { "another link", CloseCode.Malformed },
        { "a number twice", CloseCode.SequenceBroken },
        { "a number left out", CloseCode.SequenceBroken },
        { "a batch cut off", CloseCode.Malformed },
        { "an unknown name", CloseCode.Malformed },
        { "a name of a gigabyte", CloseCode.Malformed },
        { "data of a gigabyte", CloseCode.TooLarge },
        { "an array of a billion", CloseCode.Malformed },
        { "arrays without end", CloseCode.Malformed },
        { "a state", CloseCode.Malformed },
        { "a handshake", CloseCode.Malformed },
        { "an unasked control message", CloseCode.Malformed },
        { "an empty piece", CloseCode.Malformed },
        { "a frame too large", CloseCode.TooLarge },
        { "pieces without end", CloseCode.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_closes_the_artery_with_one_sentence_and_the_service_comes_back(string lie, CloseCode code)
    {
        var core = new FakeCore();
        core.Lie = (number, frame) => core.Dials == 1 && number == FirstFrame ? Told(lie) : [frame];
        await using var service = new ArteryService(core.Options with { Log = line => _lines.Writer.TryWrite(line) });
        await service.StartAsync(Soon);
        var link = await core.LinkAsync();
        core.Beat(link);
        Assert.Equal(code, (await link.Completion.WaitAsync(Soon)).Code);
        var line = await _lines.Reader.ReadAsync(Soon);
        Assert.Matches($@"^artery lamp: the artery to the core ended: [A-Z][^\n]{{5,150}}\. \({(int)code}\)$", line);

        FakeCore.Say(await core.LinkAsync(), "n", 1);
        await service.SendAsync("back", timeOut: Patience);
        Assert.Equal(1, Assert.Single(service.Gaps).Arrived);
    }

    [Theory]
    [InlineData("a wrong mac", "does not prove")]
    [InlineData("a cut challenge", "")]
    [InlineData("a challenge of 5 KiB", "4096")]
    public async Task A_core_that_does_not_prove_the_key_learns_nothing(string lie, string word)
    {
        var core = new FakeCore();
        core.Lie = (number, frame) => core.Dials > 1 || number > 0 ? [frame] : lie switch
        {
            "a wrong mac" => [[.. frame[..^1], (byte)(frame[^1] ^ 1)]],
            "a cut challenge" => [frame[..^10]],
            _ => [[.. frame, .. new byte[5000]]],
        };
        await using var service = new ArteryService(core.Options with { Log = line => _lines.Writer.TryWrite(line) });
        service.Send("secret");
        var starting = service.StartAsync(Soon);
        var line = await _lines.Reader.ReadAsync(Soon);
        Assert.StartsWith("artery lamp: the core cannot be reached: ", line, StringComparison.Ordinal);
        Assert.Contains(word, line, StringComparison.Ordinal);
        Assert.Equal(1, service.Waiting);
        await starting;
        Assert.Equal("secret 1 null", await core.NextAsync());
    }

    [Fact]
    public async Task A_flipped_bit_of_a_sealed_frame_closes_the_artery()
    {
        var core = new FakeCore { IsPrivate = false };
        core.Lie = (number, frame) => [number == FirstFrame ? [.. frame[..^1], (byte)(frame[^1] ^ 1)] : frame];
        await using var service = new ArteryService(core.Options);
        await service.StartAsync(Soon);
        var link = await core.LinkAsync();
        core.Beat(link);
        Assert.Equal(CloseCode.NotAuthenticated, (await link.Completion.WaitAsync(Soon)).Code);
    }

    [Fact]
    public async Task Names_and_origins_without_end_cost_no_memory_without_end()
    {
        var core = new FakeCore();
        await using var service = new ArteryService(core.Options);
        await service.StartAsync(Soon);
        var link = await core.LinkAsync();
        for (var i = 1; i <= 3 * GapBook.Limit; i++)
        {
            while (!link.TrySend(new Intent($"name{i}", new Origin($"origin{i}", i), 1, 1, default)) || link.Waiting > 500)
                await Task.Delay(1, Soon);
        }

        core.Beat(link, passed: new PassedCount("origin1", 1, 9, 9, 0));
        Assert.StartsWith("beat 1 state 0 gaps ", await core.NextAsync(), StringComparison.Ordinal);
        Assert.InRange(service.Gaps.Count, GapBook.Limit / 2, GapBook.Limit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_arrives_the_service_lives(int seed)
    {
        var random = new Random(seed);
        var core = new FakeCore();
        for (var round = 0; round < 60; round++)
        {
            core.Lie = (number, frame) => number < FirstFrame || random.Next(3) > 0 ? [frame] : Spoil(random, frame);
            await using var service = new ArteryService(core.Options with { Log = line => Assert.DoesNotContain('\n', line) });
            service.On("*", _ => { });
            service.Handle("do", _ => true);
            await service.StartAsync(Soon);
            var link = await core.LinkAsync();
            for (var step = 0; step < 12 && !link.Completion.IsCompleted; step++)
                Talk(core, link, random, step);
            await Task.WhenAny(link.Completion, Task.Delay(1, Soon));
        }
    }

    static void Talk(FakeCore core, ArteryLink link, Random random, int step)
    {
        using var content = new FrameBuffer();
        switch (random.Next(3))
        {
            case 0:
                link.TrySend(new Intent($"n{random.Next(5)}", FakeCore.Button, step + 1, 1_000_000, ArteryData.Map(("x", step)).Cbor.Span));
                break;
            case 1:
                new Beat(step, 5, random.Next(2) == 0, step, null, [new PassedCount("button", 3, step, step, 0)], 1500).Write(content);
                link.TrySend(FrameKind.Heartbeat, content.WrittenSpan);
                break;
            default:
                new Invocation.Request(step, "lamp", "button", "do", null, ArteryData.FromInt64(step).Cbor, TimeSpan.FromSeconds(1)).Write(content);
                link.TrySend(FrameKind.Invoke, content.WrittenSpan);
                break;
        }
    }

    static IEnumerable<byte[]> Spoil(Random random, byte[] frame)
    {
        var other = frame.ToArray();
        var at = random.Next(Math.Max(1, frame.Length));
        switch (random.Next(6))
        {
            case 0: return [frame[..at]];
            case 1: return [frame, frame];
            case 2: return [];
            case 3: return [[.. frame[..at], .. frame]];
            case 4:
                random.NextBytes(other.AsSpan(at));
                return [other];
            default:
                other[at] ^= (byte)(1 << random.Next(8));
                return [other];
        }
    }

    static IEnumerable<byte[]> Told(string lie) => lie switch
    {
        "nothing" => [[]],
        "one byte" => [[2 << 3]],
        "a reserved kind" => [Frame(7, [0])],
        "a reserved flag" => [Frame(2, [0], flags: 4)],
        "another link" => [[2 << 3, 5, 0, 0x80]],
        "a number twice" => [Frame(2, [0xf6], FirstFrame - 1)],
        "a number left out" => [Frame(2, [0xf6], FirstFrame + 1)],
        "a batch cut off" => [Frame(1, [0, 0, 5, (byte)'n'])],
        "an unknown name" => [Frame(1, [0, 9, 9, 1, 0, 0])],
        "a name of a gigabyte" => [Frame(1, [0, 0, 0x80, 0x80, 0x80, 0x80, 4, (byte)'n'])],
        "data of a gigabyte" => [Frame(1, [0, 0, 1, (byte)'n', 0, 1, (byte)'o', 1, 1, 0, 0x80, 0x80, 0x80, 0x80, 8])],
        "an array of a billion" => [Frame(2, [0x9a, 0x3b, 0x9a, 0xca, 0x00])],
        "arrays without end" => [Frame(2, [.. Enumerable.Repeat((byte)0x81, 100_000)])],
        "a state" => [Frame(3, [0x84, 1, 0xf5, 0xa0, 0xf6])],
        "a handshake" => [Frame(0, [1, 0x80])],
        "an unasked control message" => [Frame(0, [8, 1])],
        "an empty piece" => [Frame(2, [], flags: 2)],
        "a frame too large" => [Frame(2, new byte[ArteryLimits.FrameBytes])],
        _ => Enumerable.Range(FirstFrame, 10).Select(number => Frame(4, new byte[1_000_000], number, flags: 2)),
    };

    static byte[] Frame(int kind, byte[] payload, int number = FirstFrame, int flags = 0) => [(byte)(kind << 3 | flags), 0, (byte)number, .. payload];
}
