namespace Allotrope.Artery;

/// <summary>Why an artery closed: WebSocket closing codes, those from 4400 the protocol's own.</summary>
public enum CloseCode
{
    /// <summary>Done.</summary>
    Normal = 1000,

    /// <summary>The process goes away.</summary>
    Leaving = 1001,

    /// <summary>The connection ended without a farewell; never on the wire.</summary>
    Lost = 1006,

    /// <summary>A handler of this side failed in a way that is nobody else's fault.</summary>
    Internal = 1011,

    Malformed = 4400,
    NotAuthenticated = 4401,
    HandshakeTooSlow = 4408,
    SequenceBroken = 4409,
    Replaced = 4410,
    TooLarge = 4413,
    Flood = 4429,

    /// <summary>The receiver is too slow, and its policy says to close.</summary>
    Severed = 4490,

    /// <summary>The zone is stopping.</summary>
    Stopping = 4491,
}
