using System.Security.Cryptography;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// The hash that a module's token signs for: SHA-256 over header and sections, the token's own section left out, each section's length written in
/// its shortest form since linkers pad them. Upper-case hex.
/// </summary>
public static class ModuleHash
{
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: not a core module.</exception>
    public static string Of(ReadOnlySpan<byte> wasm)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sections = ModuleSections.Of(wasm);
        hash.AppendData(wasm[..ModuleSections.HeaderSize]);

        Span<byte> prefix = stackalloc byte[1 + Leb128.MaxBytes];
        foreach (var section in sections)
        {
            if (section.HoldsToken)
                continue;

            prefix[0] = section.Id;
            var length = Leb128.Write(prefix[1..], (uint)section.Body.Length);
            hash.AppendData(prefix[..(1 + length)]);
            hash.AppendData(section.Body);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
