using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>
/// What written code depends on, as one number of 256 bits: the module's bytes, the builds of this engine and of the base library, the options, and what
/// the processor can do as far as the runtime uses it.
/// </summary>
static class CodeKey
{
    /// <summary>Changes when the form of entries does, or what they hold.</summary>
    const int Format = 1;

    static readonly string Machine = Describe();

    internal static byte[] Of(ReadOnlySpan<byte> module, CompileOptions options)
    {
        // How much is compiled and where it is kept does not change the code; everything else does, options of later versions among it.
        var chosen = options with { Cache = null, MaxModuleBytes = CompileOptions.DefaultMaxModuleBytes };
        var place = Encoding.UTF8.GetBytes($"{Machine}\n{chosen}\n{module.Length}\n");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(place);
        hash.AppendData(module);
        return hash.GetHashAndReset();
    }

    static string Describe() => string.Join(
        '\n',
        Format,
        typeof(CodeKey).Module.ModuleVersionId,
        typeof(object).Module.ModuleVersionId,
        RuntimeInformation.ProcessArchitecture,
        string.Join(' ', Features().Where(feature => feature.IsThere).Select(feature => feature.Name)));

    static IEnumerable<(string Name, bool IsThere)> Features() =>
    [
        ("vector128", Vector128.IsHardwareAccelerated), ("vector256", Vector256.IsHardwareAccelerated), ("vector512", Vector512.IsHardwareAccelerated),
        ("sse2", Sse2.IsSupported), ("ssse3", Ssse3.IsSupported), ("sse41", Sse41.IsSupported), ("sse42", Sse42.IsSupported),
        ("avx", Avx.IsSupported), ("avx2", Avx2.IsSupported), ("avx512", Avx512F.IsSupported), ("fma", Fma.IsSupported),
        ("bmi1", Bmi1.IsSupported), ("bmi2", Bmi2.IsSupported), ("lzcnt", Lzcnt.IsSupported), ("popcnt", Popcnt.IsSupported),
        ("advsimd", AdvSimd.IsSupported), ("advsimd64", AdvSimd.Arm64.IsSupported), ("dotproduct", Dp.IsSupported), ("armrdm", Rdm.IsSupported),
    ];
}
