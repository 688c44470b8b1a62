using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Ledger.Tests;

/// <summary>Computes hash, seal and signature from the words of docs/reference/ledger.md, with none of the code that wrote them.</summary>
public class FormatTests
{
    [Fact]
    public async Task An_entry_is_hashed_sealed_and_signed_as_the_reference_says()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        var entry = Assert.Single(await world.EntriesAsync());
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encode("allotrope/ledger-entry/v1",
            Number(1), Text(new string('0', 64)), Number(entry.Time.UtcTicks), Text("blueprint.put"), Text("alice"), Text("shop"), Text("1"),
            entry.Canonical.ToArray(), Number(0), Number(entry.SignedAt.UtcTicks), Text(entry.Signer), entry.Signature.ToArray(), Text(entry.Node))));
        Assert.Equal(hash, entry.Hash);
        Assert.True(PublicKey.Parse(entry.Node, null).Verify(Encode("allotrope/ledger-seal/v1", Text(hash)), entry.Seal.Span));
        var signed = Encode("allotrope/blueprint.put/v1", entry.Canonical.ToArray(), Number(entry.SignedAt.UtcTicks), Text(entry.Signer));
        Assert.True(PublicKey.Parse(entry.Signer, null).Verify(signed, entry.Signature.Span));
    }

    [Fact]
    public async Task A_removal_is_signed_as_the_reference_says()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        await world.DeleteAsync("shop", 1);
        var entry = (await world.EntriesAsync())[1];
        Assert.Equal((EntryKind.Remove, "", 0, 1), (entry.Kind, entry.Version, entry.Canonical.Length, entry.Subject));
        var signed = Encode("allotrope/blueprint.delete/v1", Text("shop"), Number(1), Number(entry.SignedAt.UtcTicks), Text(entry.Signer));
        Assert.True(PublicKey.Parse(entry.Signer, null).Verify(signed, entry.Signature.Span));
    }

    static byte[] Encode(string domain, params byte[][] fields) =>
        [.. fields.Prepend(Text(domain)).SelectMany(field => (byte[])[.. BigEndian(field.Length), .. field])];

    static byte[] BigEndian(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    static byte[] Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
