using System.Runtime.InteropServices;

namespace Allotrope.Kernel;

/// <summary>
/// The few functions of OpenSSL 3's libcrypto that Ed25519 needs; the class library of .NET 10 has none. Pointers are owned as the man pages say:
/// what <c>_new</c> returns is given back by <c>_free</c>.
/// </summary>
static partial class LibCrypto
{
    public const string Library = "libcrypto.so.3";

    /// <summary><c>EVP_PKEY_ED25519</c> of &lt;openssl/evp.h&gt;, which is <c>NID_ED25519</c>.</summary>
    public const int Ed25519 = 1087;

    static readonly Lazy<bool> Present = new(() => CanLoad(Library));

    /// <summary>Says in one sentence what to install where the library is missing, instead of a loader's stack trace.</summary>
    /// <exception cref="FaultException"><see cref="Fault.NotFound"/>.</exception>
    public static void Require() => Require(Library, Present.Value);

    internal static void Require(string library, bool present)
    {
        if (!present)
        {
            throw new FaultException(new Fault.NotFound(
                $"The library {library} (OpenSSL 3), which signs and verifies with Ed25519, is not on this machine: " +
                "install it, on Debian with `apt-get install libssl3`."));
        }
    }

    internal static bool CanLoad(string library) => NativeLibrary.TryLoad(library, typeof(LibCrypto).Assembly, searchPath: null, out _);

    /// <summary>man 3 EVP_PKEY_new_raw_private_key: a key from its 32-byte seed, or null.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial nint NewPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    /// <summary>man 3 EVP_PKEY_new_raw_public_key: a key from its 32 public bytes, or null.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial nint NewPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    /// <summary>man 3 EVP_PKEY_get_raw_public_key: 1 for success; <paramref name="length"/> is room before and bytes written after.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetPublicKey(nint key, Span<byte> destination, ref nuint length);

    /// <summary>man 3 EVP_PKEY_free; wipes private parts.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    /// <summary>man 3 EVP_MD_CTX_new.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    public static partial nint NewContext();

    /// <summary>man 3 EVP_MD_CTX_free.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeContext(nint context);

    /// <summary>man 3 EVP_DigestSignInit: for Ed25519 the digest must be null (man 7 EVP_SIGNATURE-ED25519).</summary>
    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    public static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    /// <summary>man 3 EVP_DigestSign: one shot, 1 for success.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    public static partial int Sign(nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> message, nuint messageLength);

    /// <summary>man 3 EVP_DigestVerifyInit.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int VerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    /// <summary>man 3 EVP_DigestVerify: 1 verified, 0 not, anything else an error.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    public static partial int Verify(
        nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> message, nuint messageLength);

    /// <summary>man 3 ERR_clear_error: a refusal leaves nothing in the thread's queue for the runtime's own TLS to trip over.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();
}
