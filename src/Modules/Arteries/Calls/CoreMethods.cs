using System.Buffers;
using Allotrope.Artery;
using Allotrope.Contracts;
using Invocation = Allotrope.Artery.Invocation;

namespace Allotrope.Arteries;

/// <summary>What services may invoke of the core itself: <c>status</c>, how the zone fares, which a page of the zone shows to people.</summary>
static class CoreMethods
{
    public static Invocation Answer(Invocation.Request call, ZoneStatus status) => call.Method == "status"
        ? new Invocation.Result(call.Id, Write(status))
        : new Invocation.Error(call.Id, InvocationCode.UnknownMethod, $"The core has no method {call.Method}; it has status.");

    static byte[] Write(ZoneStatus zone)
    {
        var output = new ArrayBufferWriter<byte>(128 + 160 * zone.Arteries.Count);
        var cbor = new CborWriter(output);
        cbor.Map(6);
        Text(cbor, "core", zone.Core);
        Number(cbor, "beat", zone.Beat);
        Pulse(cbor, zone.PulseMicroseconds);
        Text(cbor, "slowest", zone.Slowest);
        Text(cbor, "message", zone.Message);
        cbor.Text("services");
        cbor.Map(zone.Arteries.Count);
        foreach (var artery in zone.Arteries)
        {
            cbor.Text(artery.Service);
            cbor.Map(11);
            Text(cbor, "connection", artery.Connection);
            Pulse(cbor, artery.PulseMicroseconds);
            Number(cbor, "sent", artery.Sent);
            Number(cbor, "received", artery.Received);
            Number(cbor, "missed", artery.Missed);
            Number(cbor, "waiting", artery.Waiting);
            Number(cbor, "answered", artery.Answered);
            Number(cbor, "unanswered", artery.Unanswered);
            Text(cbor, "message", artery.Message);
            Text(cbor, "satellite", artery.Satellite);
            Text(cbor, "health", artery.Health);
        }
        return output.WrittenSpan.ToArray();
    }

    static void Text(CborWriter cbor, string key, string? value)
    {
        cbor.Text(key);
        cbor.TextOrNull(value);
    }

    static void Number(CborWriter cbor, string key, long value)
    {
        cbor.Text(key);
        cbor.Integer(value);
    }

    static void Pulse(CborWriter cbor, double? microseconds)
    {
        cbor.Text("pulse");
        if (microseconds is { } value)
            cbor.Double(value);
        else
            cbor.Null();
    }
}
