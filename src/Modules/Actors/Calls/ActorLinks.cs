using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// Where an actor's calls go: to a provider whose contract is in the actor's claims and linked in its blueprint, or to an actor that is linked, by
/// its key or call alias. Everything else is an error text for the guest and reaches nobody.
/// </summary>
sealed class ActorLinks
{
    readonly Assignment _assignment;
    readonly ActorClaims _claims;
    readonly ActorDirectory _directory;
    readonly Dictionary<(string Contract, string Link), string> _providers = [];

    public ActorLinks(Assignment assignment, ActorClaims claims, ActorDirectory directory)
    {
        (_assignment, _claims, _directory) = (assignment, claims, directory);
        foreach (var link in assignment.Links)
            if (link is { Kind: not ComponentKind.Actor, Contract: { } contract })
                _providers[(contract, link.Name)] = Subjects.Invoke(link.Workload);
    }

    /// <summary>A link that can never work is told when the actor is to start, not at the first call that needs it.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Refused"/>: linked to a provider of a contract that its signer did not let it use.</exception>
    public void RefuseUnclaimed()
    {
        foreach (var (contract, _) in _providers.Keys)
            if (!Claims(contract))
                throw new FaultException(new Fault.Refused(
                    $"{_assignment.Workload} is linked to {contract}, which actor {_claims.Module} was signed without; " +
                    $"sign it with `allot actor sign --cap {contract}` if it may use that, or remove the link."));
    }

    /// <summary>Whether the actor's signer let it use <paramref name="contract"/>.</summary>
    public bool Claims(string contract) => _claims.Allows(contract);

    /// <summary>The subject that answers, or <see langword="null"/> and what to tell the guest.</summary>
    public string? Resolve(string contract, string link, out string? error)
    {
        var isProvider = _providers.TryGetValue((contract, link), out var subject);
        error = (isProvider, subject ??= FindActor(contract)) switch
        {
            (true, _) or (_, null) when IsContract(contract) && !Claims(contract) => MissingClaim(contract),
            (_, null) => $"not linked: {_assignment.Workload} has no link named '{link}' to {contract}; add a linkdef for it to the blueprint",
            _ => null,
        };
        return error is null ? subject : null;
    }

    public string MissingClaim(string contract) =>
        $"missing capability claim for {contract}: actor {_claims.Module} was signed without it; sign it again with that capability if it may have it";

    // A contract is named "namespace:name"; anything else is an actor's key or alias.
    static bool IsContract(string name) => name.Contains(':', StringComparison.Ordinal);

    string? FindActor(string keyOrAlias)
    {
        foreach (var link in _assignment.Links)
            if (link.Kind == ComponentKind.Actor && (link.Contract == keyOrAlias || _directory.Answers(link.Workload, keyOrAlias)))
                return Subjects.Invoke(link.Workload);
        return null;
    }
}
