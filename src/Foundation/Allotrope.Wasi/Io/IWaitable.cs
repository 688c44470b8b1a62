namespace Allotrope.Wasi.Io;

/// <summary>Something that becomes ready: a stream, a clock, a socket. <see cref="Pollable"/> shows it to a guest.</summary>
public interface IWaitable
{
    /// <summary>True if what the guest waits for would not make it wait now. Never waits itself.</summary>
    bool Ready { get; }

    /// <summary>Whether nothing but time or the guest itself makes it ready: who waits for nothing else waits for nobody.</summary>
    bool IsOwn => false;

    /// <summary>Completes when <see cref="Ready"/> may have become true, without a thread until then. Several may wait at once.</summary>
    /// <exception cref="OperationCanceledException">It was given up; nothing is consumed then.</exception>
    ValueTask WaitAsync(CancellationToken cancellation);
}
