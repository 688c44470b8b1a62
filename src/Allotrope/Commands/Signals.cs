using System.Runtime.InteropServices;

namespace Allotrope.Commands;

/// <summary>Ctrl-C and SIGTERM: the first asks the program to end in order, the second ends it.</summary>
sealed class Signals : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly PosixSignalRegistration[] _registrations;

    public Signals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    void Handle(PosixSignalContext signal)
    {
        // Not cancelling the signal lets the system's default end the process at once.
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
