using System.Security.Cryptography;
using System.Text;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.KeyValue;

/// <summary>
/// Names the buckets of a provider so that different links never meet in one: readable where the parts allow it, a hash where not. The two forms,
/// and the forms for own and shared buckets, differ in their number of dashes: a workload has one.
/// </summary>
static class BucketName
{
    /// <summary>The bucket of one link.</summary>
    public static string Of(string provider, string caller, string link) => Of("kv", provider, caller, link);

    /// <summary>A bucket that links of one provider share.</summary>
    public static string Of(string provider, string shared) => Of("kvshared", provider, shared);

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

    static string Of(string kind, params ReadOnlySpan<string> parts)
    {
        var readable = $"{kind}-{string.Join('-', parts)}";
        if (readable.Length <= LatticeLimits.BucketNameLength && IsPlain(parts))
            return readable;
        return $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))}";
    }

    /// <summary>True for workloads <c>blueprint-component</c> followed by one word without dashes, which can be told apart again.</summary>
    static bool IsPlain(ReadOnlySpan<string> parts)
    {
        foreach (var workload in parts[..^1])
            if (workload.Count(c => c == '-') != 1 || !workload.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                return false;
        return parts[^1] is not "" && parts[^1].All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
    }
}
