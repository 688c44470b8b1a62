using System.Text.Json.Nodes;
using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

/// <summary>The bytes on the wire, fixed: a change here breaks every client that is already out.</summary>
public sealed class VectorTests
{
    const string Secret = "correct horse battery staple\n";

    [Fact]
    public void Handshakes_are_the_ones_written_down() =>
        VectorFile.Check("handshake.json", new JsonArray(Handshake(user: null, isSealed: true), Handshake(user: "ada", isSealed: false)));

    [Fact]
    public void Batches_are_the_ones_written_down()
    {
        var tables = new IntentWriteTables();
        var lamp = new Origin("lamp", 1_700_000_000_000_000);
        var door = new Origin("döör", 3);
        VectorFile.Check("batch.json", new JsonArray(
            Batch(tables, [("lamp.on", lamp, 1, 1_700_000_000_000_100, "", null), ("lamp.on", lamp, 2, 1_700_000_000_000_050, "f5", null)]),
            Batch(tables, [("lamp.on", lamp, 3, 1_700_000_000_000_200, "a1616101", 300),
                ("door/open", door, 1_000_000, -5, "83f6fb3ff8000000000000626f6b", 0)])));
    }

    [Fact]
    public void Sealed_frames_are_the_ones_written_down()
    {
        var vectors = new JsonArray();
        foreach (var (kind, link, sequence, payload) in new[]
        {
            (FrameKind.Heartbeat, 0, 3L, "8401021a000f424000"), (FrameKind.Control, 5, 300L, "06ac02"), (FrameKind.Intents, 63, 1L << 40, ""),
        })
            vectors.Add(Sealed(kind, link, sequence, payload));
        VectorFile.Check("sealed.json", vectors);
    }

    [Fact]
    public void Numbers_are_the_ones_written_down()
    {
        var vectors = new JsonArray();
        foreach (var value in new[] { 0, 1, -1, 63, -64, 64, 127, 128, 300, 16_383, 16_384,
            int.MaxValue, (1L << 53) - 1, long.MaxValue, long.MinValue })
        {
            var unsigned = new byte[Varint.MaxBytes];
            var folded = new byte[Varint.MaxBytes];
            vectors.Add(new JsonObject
            {
                ["value"] = value.ToString(),
                ["varint"] = value < 0 ? null : VectorFile.Hex(unsigned.AsSpan(0, Varint.Write(unsigned, (ulong)value))),
                ["zigzag"] = VectorFile.Hex(folded.AsSpan(0, Varint.Write(folded, Varint.Fold(value)))),
            });
        }

        VectorFile.Check("numbers.json", vectors);
    }

    [Fact]
    public void Messages_are_the_ones_written_down()
    {
        var state = new Dictionary<string, ReadOnlyMemory<byte>> { ["on"] = new byte[] { 0xf5 }, ["gone"] = StateMap.Removed };
        var services = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> { ["lamp"] = state };
        VectorFile.Check("messages.json", new JsonObject
        {
            ["ready"] = Hex(new ReadyMessage(TimeSpan.FromSeconds(3), ["lamp.*"], [], ["lamp.dim"], 1024).Write),
            ["close"] = Hex(new CloseMessage(CloseCode.Replaced, "a newer artery").Write),
            ["fault"] = Hex(new FaultMessage("lamp.on", "door", 300, "no bulb").Write),
            ["heartbeat"] = Hex(new Beat(1, 1_700_000_000_000_000, true, 5, new StateChange(4, services, false),
                [new("door", 3, 10, 9, 1)], 250).Write),
            ["heartbeatReply"] = Hex(new BeatReply(1, 1_700_000_000_000_000, 5, 2).Write),
            ["state"] = Hex(new StateReport(2, true, state, new KnownStreams(12, [new("door", 3, 10, 8, 1, 1)])).Write),
            ["mergedState"] = Hex(new MergedState(7, 5, services).Write),
            ["request"] = Hex(new Invocation.Request(1, "lamp", "door", "dim", "once", new byte[] { 0x18, 0x32 }, TimeSpan.FromSeconds(2)).Write),
            ["result"] = Hex(new Invocation.Result(1, new byte[] { 0xf6 }).Write),
            ["error"] = Hex(new Invocation.Error(1, InvocationCode.UnknownMethod, "lamp has no method dim").Write),
        });
    }

    static JsonObject Handshake(string? user, bool isSealed)
    {
        var zoneKey = ArteryKey.OfZone(System.Text.Encoding.UTF8.GetBytes(Secret), "home");
        var key = user is null ? zoneKey : zoneKey.ForUser("lamp", user);
        var manifest = user is null ? new byte[Hello.HashBytes] : [];
        manifest.AsSpan().Fill(0xab);
        var offer = new HandshakeOffer
        {
            Role = ArteryRole.Service,
            Zone = "home",
            Service = "lamp",
            Key = key,
            User = user,
            Epoch = 1_700_000_000_000_000,
            Sealed = isSealed,
            ManifestHash = manifest,
        };
        var dialler = new DiallerHandshake(offer, new SeededRandom(1));
        var answer = new HandshakeAnswer { Role = ArteryRole.Core, Keys = [zoneKey], Epoch = 1_600_000_000_000_000, Receiver = new Witness() };
        var acceptor = new AcceptorHandshake(dialler.Hello, _ => answer, new SeededRandom(2));
        var (proof, _, seals) = dialler.Answer(acceptor.Challenge);
        acceptor.Complete(proof);
        seals?.Dispose();
        var vector = new JsonObject
        {
            ["o3_key"] = Secret,
            ["zone"] = "home",
            ["service"] = "lamp",
            ["user"] = user,
            ["sealed"] = isSealed,
            ["role"] = "service",
            ["epochA"] = 1_700_000_000_000_000,
            ["epochB"] = 1_600_000_000_000_000,
            ["manifestHash"] = VectorFile.Hex(manifest),
            ["nonceA"] = VectorFile.Hex(Hello.Read(dialler.Hello).Nonce.Span),
            ["nonceB"] = VectorFile.Hex(Challenge.Read(acceptor.Challenge, key, dialler.Hello).Nonce.Span),
            ["key"] = VectorFile.Hex(key.Export()),
            ["keyId"] = VectorFile.Hex(key.Id),
            ["hello"] = VectorFile.Hex(dialler.Hello),
            ["challenge"] = VectorFile.Hex(acceptor.Challenge),
            ["proof"] = VectorFile.Hex(proof),
        };
        if (!isSealed)
            return vector;
        byte[] nonces = [.. Hello.Read(dialler.Hello).Nonce.Span, .. Challenge.Read(acceptor.Challenge, key, dialler.Hello).Nonce.Span];
        vector["keyAB"] = VectorFile.Hex(FrameSeals.DeriveKey(key, nonces, "artery/1 a>b"u8));
        vector["keyBA"] = VectorFile.Hex(FrameSeals.DeriveKey(key, nonces, "artery/1 b>a"u8));
        return vector;
    }

    static JsonObject Batch(IntentWriteTables tables, (string Name, Origin Origin, long Sequence, long Time, string Data, int? Ack)[] intents)
    {
        using var output = new FrameBuffer();
        var writer = new IntentBatchWriter(output, tables, intents[0].Time);
        var listed = new JsonArray();
        foreach (var (name, origin, sequence, time, data, ack) in intents)
        {
            writer.Write(new Intent(name, origin, sequence, time, Convert.FromHexString(data), ack));
            listed.Add(new JsonObject
            {
                ["name"] = name,
                ["origin"] = origin.Name,
                ["epoch"] = origin.Epoch,
                ["seq"] = sequence,
                ["time"] = time,
                ["data"] = data,
                ["ack"] = ack,
            });
        }

        return new JsonObject { ["intents"] = listed, ["batch"] = VectorFile.Hex(output.WrittenSpan) };
    }

    static JsonObject Sealed(FrameKind kind, int link, long sequence, string payload)
    {
        var key = new byte[ArteryKey.Bytes];
        new SeededRandom(9).Fill(key);
        using var seal = new FrameSeal(key);
        var header = new byte[FrameHeader.MaxBytes];
        var length = new FrameHeader(kind, FrameFlags.Sealed, link, sequence).Write(header);
        var content = Convert.FromHexString(payload);
        var tag = new byte[FrameSeal.TagBytes];
        seal.Seal(header.AsSpan(0, length), sequence, content, tag);
        return new JsonObject
        {
            ["key"] = VectorFile.Hex(key),
            ["kind"] = (int)kind,
            ["link"] = link,
            ["seq"] = sequence,
            ["payload"] = payload,
            ["frame"] = VectorFile.Hex([.. header.AsSpan(0, length), .. content, .. tag]),
        };
    }

    static string Hex(Action<System.Buffers.IBufferWriter<byte>> write)
    {
        using var output = new FrameBuffer();
        write(output);
        return VectorFile.Hex(output.WrittenSpan);
    }
}
