namespace Allotrope.Contracts;

/// <param name="Digest"><c>sha256:{lower-case hex}</c>.</param>
public sealed record ArtifactQuery(string Digest);

public sealed record ArtifactPresence(string Digest, bool Present);
