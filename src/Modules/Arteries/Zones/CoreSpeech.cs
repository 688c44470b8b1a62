using System.Buffers;
using System.Text;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>The names of the intents that only the core says, and their data.</summary>
static class CoreSpeech
{
    public const string Origin = "core";

    public const string Stabilized = "CORE_STABLIZED"; // as the original spells it
    public const string Rise = "PULSE_RISE";
    public const string Drop = "PULSE_DROP";
    public const string Flatline = "PULSE_FLATLINE";

    /// <summary>A pulse's data: the service, and its mean latency in microseconds or null.</summary>
    public static byte[] Pulse(string service, double? microseconds)
    {
        var output = new ArrayBufferWriter<byte>(32 + Encoding.UTF8.GetByteCount(service));
        var cbor = new CborWriter(output);
        cbor.Map(2);
        cbor.Text("service");
        cbor.Text(service);
        cbor.Text("pulse");
        if (microseconds is { } value)
            cbor.Double(value);
        else
            cbor.Null();
        return output.WrittenSpan.ToArray();
    }
}
