using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;

namespace Allotrope.Wasm;

/// <summary>
/// What written code depends on, as one number of 256 bits: the module's bytes, the builds of this engine and of the base library, the options, and what
/// the processor can do as far as the runtime uses it. The data section is left out: an interpreter that is shipped with a program in its memory is one
/// code for all programs. How many segments there are is in the data count, without which code names none.
/// </summary>
static class CodeKey
{
    /// <summary>Changes when the form of entries does, or what they hold.</summary>
    const int Format = 3;

    static readonly string Machine = Describe();

    internal static byte[] Of(ModuleImage module, CompileOptions options)
    {
        // How much is compiled, when, and where it is kept does not change the code; everything else does, options of later versions among it.
        var chosen = options with { Cache = null, Tier = Tier.Compiled, MaxModuleBytes = CompileOptions.DefaultMaxModuleBytes };
        var (start, end) = module.DataSection;
        // A record's text has its public properties alone.
        var place = Encoding.UTF8.GetBytes($"{Machine}\n{chosen}\n{chosen.MethodLimit} {chosen.SplitsAll} {chosen.SuspendsAll}\n{start} {module.Bytes.Length - (end - start)}\n");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(place);
        hash.AppendData(module.Bytes.AsSpan(0, start));
        hash.AppendData(module.Bytes.AsSpan(end));
        return hash.GetHashAndReset();
    }

    static string Describe()
    {
        var text = new StringBuilder().Append(Format).Append('\n').Append(PerfMap.IsWritten).Append('\n')
            .Append(typeof(CodeKey).Module.ModuleVersionId).Append('\n').Append(typeof(object).Module.ModuleVersionId).Append('\n')
            .Append(RuntimeInformation.ProcessArchitecture.ToString());
        Add(text, "vector128", Vector128.IsHardwareAccelerated);
        Add(text, "vector256", Vector256.IsHardwareAccelerated);
        Add(text, "vector512", Vector512.IsHardwareAccelerated);
        Add(text, "sse2", Sse2.IsSupported);
        Add(text, "ssse3", Ssse3.IsSupported);
        Add(text, "sse41", Sse41.IsSupported);
        Add(text, "sse42", Sse42.IsSupported);
        Add(text, "avx", Avx.IsSupported);
        Add(text, "avx2", Avx2.IsSupported);
        Add(text, "avx512", Avx512F.IsSupported);
        Add(text, "fma", Fma.IsSupported);
        Add(text, "bmi1", Bmi1.IsSupported);
        Add(text, "bmi2", Bmi2.IsSupported);
        Add(text, "lzcnt", Lzcnt.IsSupported);
        Add(text, "popcnt", Popcnt.IsSupported);
        Add(text, "advsimd", AdvSimd.IsSupported);
        Add(text, "advsimd64", AdvSimd.Arm64.IsSupported);
        Add(text, "dotproduct", Dp.IsSupported);
        Add(text, "rdm", Rdm.IsSupported);
        return text.ToString();
    }

    static void Add(StringBuilder text, string feature, bool isThere)
    {
        if (isThere)
            text.Append(' ').Append(feature);
    }
}
