namespace Allotrope.Artery;

/// <summary>In which order what waits goes out: a lower lane before any higher one.</summary>
static class Lane
{
    public const int Control = 0;
    public const int Heartbeat = 1;
    public const int Intents = 2;
    public const int Resource = 3;
    public const int Count = 4;

    public static int Of(FrameKind kind) => kind switch
    {
        FrameKind.Control => Control,
        FrameKind.Heartbeat => Heartbeat,
        FrameKind.Resource => Resource,
        _ => Intents,
    };
}
