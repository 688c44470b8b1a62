using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>What a link may do.</summary>
/// <param name="Store">Whose containers it sees; no two of these are the same for links that share nothing.</param>
/// <param name="ReadOnly">Whether it changes nothing.</param>
/// <param name="Containers">Those it reaches, separated by commas; <see langword="null"/> for all.</param>
sealed record LinkGrant(string Store, bool ReadOnly, string? Containers)
{
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> for a setting that means nothing.</exception>
    public static LinkGrant Read(string provider, IncomingLink link)
    {
        var where = $"The link of {link.Workload} to {provider}";
        // One that is passed over because it is misspelt could be what makes the link for reading only
        if (link.Values.Keys.FirstOrDefault(key => key is not (BlobstoreContract.Access or BlobstoreContract.Containers or BlobstoreContract.Store)) is { } unknown)
            throw new FaultException(new Fault.Invalid(link.Name,
                $"{where} has the setting \"{unknown}\", which is none: known are {BlobstoreContract.Access}, {BlobstoreContract.Containers} and {BlobstoreContract.Store}."));
        return new(StoreOf(link, where), IsReadOnly(link, where), link.Values.GetValueOrDefault(BlobstoreContract.Containers));
    }

    /// <exception cref="FaultException"><see cref="Fault.Refused"/> for what the link is not for; <see cref="Fault.Invalid"/> for what cannot be a name.</exception>
    public ContainerId Container(string name, bool change)
    {
        BlobName.Check("container", name);
        if (Containers is not null && !Containers.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.Ordinal))
            throw new FaultException(new Fault.Refused(
                $"This link reaches the containers {Containers} only, not {BlobName.Shorten(name)}: add it to the link's setting {BlobstoreContract.Containers}."));
        return !change || !ReadOnly ? new(Store, name) : throw NotWritable();
    }

    /// <exception cref="FaultException"><see cref="Fault.Refused"/> when the link changes nothing.</exception>
    public void CheckWritable()
    {
        if (ReadOnly)
            throw NotWritable();
    }

    static FaultException NotWritable() => new(new Fault.Refused(
        $"This link is {BlobstoreContract.ReadOnly}: its setting {BlobstoreContract.Access} would have to be {BlobstoreContract.ReadWrite}."));

    // A colon is in no name, so that the two forms never meet.
    static string StoreOf(IncomingLink link, string where)
    {
        if (!link.Values.TryGetValue(BlobstoreContract.Store, out var shared))
            return $"{link.Workload}:{link.Name}";
        if (shared.Length is 0 or > BlobstoreLimits.StoreNameLength || !shared.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FaultException(new Fault.Invalid(link.Name,
                $"{where} names the store \"{shared}\": use 1 to {BlobstoreLimits.StoreNameLength} letters, digits, - and _."));
        return $":{shared}";
    }

    static bool IsReadOnly(IncomingLink link, string where) => link.Values.GetValueOrDefault(BlobstoreContract.Access, BlobstoreContract.ReadWrite) switch
    {
        BlobstoreContract.ReadOnly => true,
        BlobstoreContract.ReadWrite => false,
        var other => throw new FaultException(new Fault.Invalid(link.Name,
            $"{where} has the {BlobstoreContract.Access} \"{other}\": write {BlobstoreContract.ReadOnly} or {BlobstoreContract.ReadWrite}.")),
    };
}
