namespace Allotrope.Artery;

/// <summary>What a frame carries.</summary>
public enum FrameKind : byte
{
    Control = 0,
    Intents = 1,
    Heartbeat = 2,
    State = 3,
    Invoke = 4,
    Resource = 9,
}

/// <summary>How a frame is to be read.</summary>
[Flags]
public enum FrameFlags : byte
{
    None = 0,

    /// <summary>The payload is encrypted.</summary>
    Sealed = 1,

    /// <summary>The content goes on in the next frame of this kind and link.</summary>
    More = 2,
}
