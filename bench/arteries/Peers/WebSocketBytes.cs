namespace Allotrope.Bench.Arteries.Peers;

/// <summary>What a WebSocket message takes on the wire above TCP: RFC 6455 5.2.</summary>
static class WebSocketBytes
{
    public static int Of(int length, bool masked) => length + (masked ? 4 : 0) + length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
}
