using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>What a signed actor claims, after its signature, times and hash were checked.</summary>
/// <param name="Module">Who the actor is, through all its releases.</param>
/// <param name="Issuer">Who signed.</param>
/// <param name="Hash">The hash signed for, upper-case hex; see <see cref="ModuleHash"/>.</param>
/// <param name="HashVerified">
/// False only for tokens from before revision 3, whose hashes were made in other ways and cannot be compared: such a token proves who signed a
/// module, not that it was this one.
/// </param>
/// <param name="Expires"><see langword="null"/> for never.</param>
public sealed record ActorClaims(
    PublicKey Module,
    PublicKey Issuer,
    ActorDescription Description,
    string Hash,
    bool HashVerified,
    DateTimeOffset? IssuedAt,
    DateTimeOffset? Expires)
{
    /// <summary>Whether its signer lets it use <paramref name="contract"/>. Being linked to a provider of it is asked for besides.</summary>
    public bool Allows(string contract) => contract.Length > 0 && Description.Capabilities.Contains(contract, StringComparer.Ordinal);
}
