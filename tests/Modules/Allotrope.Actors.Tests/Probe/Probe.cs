using System.Buffers.Binary;
using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

/// <summary>The actor of <c>probe.wat</c>, which does what the first letter of its operation says.</summary>
static class Probe
{
    public static readonly byte[] Module = Resource("probe.wasm");

    static readonly KeyPair Issuer = KeyPair.Create(KeyRole.Account, new SeededRandom(1));

    /// <summary>The probe signed with these claims. Each <paramref name="revision"/> has other bytes and so another digest.</summary>
    public static byte[] Signed(string name = "probe", int revision = 1, string alias = "", params string[] capabilities) =>
        Sign(Module, new ActorDescription { Name = name, Revision = revision, CallAlias = alias, Capabilities = capabilities });

    public static byte[] Sign(byte[] module, ActorDescription? description = null)
    {
        description ??= new ActorDescription { Name = "module" };
        using var key = KeyPair.Create(KeyRole.Module, new SeededRandom((ulong)description.Name.Sum(letter => letter)));
        return SignedModule.Sign(module, Issuer, key.PublicKey, description, TimeProvider.System);
    }

    /// <summary>The argument of operation <c>h</c>: the host call that the guest is to make.</summary>
    public static byte[] HostCall(string link, string contract, string operation, ReadOnlySpan<byte> body) =>
    [
        (byte)link.Length, (byte)contract.Length, (byte)operation.Length,
        .. Encoding.ASCII.GetBytes(link + contract + operation), .. body,
    ];

    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>A file that is built into the tests: the probe, and the actors in <c>guests</c> as they are committed.</summary>
    public static byte[] Resource(string name)
    {
        using var stream = typeof(Probe).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
