using System.Security.Cryptography;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>Names the buckets of a provider so that different links never meet in one.</summary>
static class BucketName
{
    /// <summary>The bucket of one link: readable where the parts allow it, and can be told apart again by their dashes, a hash where not.</summary>
    public static string Of(string provider, string caller, string link)
    {
        var readable = $"kv-{provider}-{caller}-{link}";
        return readable.Length <= LatticeLimits.BucketNameLength && IsWorkload(provider) && IsWorkload(caller) && IsWord(link) ? readable : Hash(provider, caller, link);
    }

    /// <summary>A bucket that links of one provider share. Always a hash: so it is called where there is one already. No provider is called as the first part is.</summary>
    public static string Of(string provider, string shared) => Hash("kvshared", provider, shared);

    /// <param name="shared">As a link names it.</param>
    /// <param name="who">Names it, for the sentence.</param>
    /// <param name="where">In the blueprint.</param>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> when no bucket can be called so.</exception>
    public static void Check(string shared, string who, string where)
    {
        if (shared.Length is 0 or > KeyValueLimits.BucketNameLength || !shared.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FaultException(new Fault.Invalid(where,
                $"{who} names the bucket \"{shared}\": use 1 to {KeyValueLimits.BucketNameLength} letters, digits, - and _."));
    }

    static string Hash(params ReadOnlySpan<string> parts) => $"kv-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))}";

    /// <summary>Whether it is <c>blueprint-component</c> with no dash in either.</summary>
    static bool IsWorkload(string name) => name.Split('-') is [var blueprint, var component] && IsPlain(blueprint) && IsPlain(component);

    static bool IsWord(string link) => link is not "" && IsPlain(link);

    static bool IsPlain(string part) => part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
