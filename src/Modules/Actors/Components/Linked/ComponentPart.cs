using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Http;
using Allotrope.Wasi.Sockets;

namespace Allotrope.Actors;

/// <summary>What an instance of a component is made of. Of components that are linked, each call has an instance of every one.</summary>
/// <param name="Assignment">Whose limits, settings and links it has.</param>
/// <param name="Linker">What it may use of the host, and no more.</param>
/// <param name="Connections">Over which its instances send requests, to the hosts that the blueprint names; its revision's to dispose of.</param>
/// <param name="Folders">In which it keeps files.</param>
/// <param name="Network">Where it may connect to.</param>
/// <param name="Logs">Where its log is, which begins anew when the workload itself does.</param>
sealed record ComponentPart(
    Assignment Assignment, CompiledComponent Code, ComponentLinker<ComponentState> Linker, HttpConnections Connections, IReadOnlyList<Preopen> Folders,
    NetworkRules Network, ActorLogs Logs)
{
    public LogRing Log => Logs.Of(Assignment.Workload);

    /// <summary>An instance wanted to send a request where it may not.</summary>
    public void TellDenied(HttpDenial denial)
    {
        var log = Log;
        if (!log.Admit())
            return;
        log.Write("error", denial.Address is { } address
            ? $"A request to {denial.Where} was denied: the name stands for {address}, which is no address of the Internet. If that is meant, add {denial.Missing} to the component's `hosts` in the blueprint."
            : $"A request to {denial.Where} was denied: the component's `hosts` in the blueprint do not name it.");
    }

    /// <summary>What an instance asked of a provider failed for a reason that whoever runs the node should know.</summary>
    public void TellFailed(Fault fault)
    {
        var log = Log;
        if (log.Admit())
            log.Write("error", fault.Message);
    }

    /// <summary>An instance wanted of the network what it may not have.</summary>
    public void TellDenied(NetworkDenial denial)
    {
        var log = Log;
        if (!log.Admit())
            return;
        log.Write("error", denial.Use == NetworkUse.Listen
            ? $"Listening at {denial.Target} was denied: what comes from outside comes to a component by the HTTP server."
            : denial.Target is null
            ? "A socket was denied: the component has no `connect` in the blueprint, which lists the peers that it may connect to, such as db.example.org:5432."
            : denial.Name is { } name
            ? $"A connection to {denial.Target} was denied: {name} stands for it, but it is no address of the Internet. If that is meant, add {denial.Target} to the component's `connect` in the blueprint."
            : $"A connection to {denial.Target} was denied: the component's `connect` in the blueprint does not name it.");
    }
}
