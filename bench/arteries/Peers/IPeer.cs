namespace Allotrope.Bench.Arteries.Peers;

/// <summary>A server under measurement in a process of its own, and the way to speak to it.</summary>
interface IPeer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Connects somebody who is told what the others of the room say.</summary>
    /// <param name="heard">Called with each number by the reading loop.</param>
    Task<IVoice> ConnectAsync(string room, int number, Action<long> heard);

    /// <summary>Bytes that the server has allocated, when it is one of ours.</summary>
    Task<long?> AllocatedAsync() => Task.FromResult<long?>(null);
}

/// <summary>One connection to a peer.</summary>
interface IVoice : IAsyncDisposable
{
    /// <summary>Bytes on the wire, above TCP, of what was said and heard so far.</summary>
    long Bytes { get; }

    /// <summary>Says a number to all others.</summary>
    ValueTask SayAsync(long number);

    /// <summary>Says numbers as fast as the protocol can: in one frame where several fit.</summary>
    ValueTask SayAsync(long first, int count);
}
