using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Ledger.Tests;

public class AdmissionTests
{
    [Fact]
    public async Task A_new_blueprint_is_admitted_with_a_number_as_version()
    {
        await using var world = await LedgerWorld.StartAsync();
        var receipt = await world.PutAsync(LedgerWorld.App("shop"));
        Assert.Equal(("shop", "1", 1, "created"), (receipt.Name, receipt.Version, receipt.Revision, receipt.Change));
        Assert.Equal(("shop", "1", 1, "alice"), await AdmittedAsync(world, "shop"));
    }

    [Fact]
    public async Task A_changed_blueprint_is_the_next_revision_and_version()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        await world.PutAsync(LedgerWorld.App("other"));
        var receipt = await world.PutAsync(LedgerWorld.App("shop", instances: 2));
        Assert.Equal(("2", 3, "updated"), (receipt.Version, receipt.Revision, receipt.Change));
    }

    [Fact]
    public async Task The_same_content_again_is_no_new_entry()
    {
        await using var world = await LedgerWorld.StartAsync();
        var first = await world.PutAsync(LedgerWorld.App("shop"));
        Assert.Equal(first with { Change = "unchanged" }, await world.PutAsync(LedgerWorld.App("shop")));
        Assert.Single(await world.EntriesAsync());
    }

    [Fact]
    public async Task A_version_with_other_content_is_a_conflict()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop", version: "v1"));
        var fault = await LedgerWorld.FaultAsync<Fault.Conflict>(world.PutAsync(LedgerWorld.App("shop", instances: 2, version: "v1")));
        Assert.Equal("Version v1 of 'shop' has been admitted with other content; give the changed blueprint a new version.", fault.Message);
    }

    [Fact]
    public async Task An_older_version_may_come_back_when_it_is_signed_anew()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop", 1, "v1"));
        await world.PutAsync(LedgerWorld.App("shop", 2, "v2"));
        var receipt = await world.PutAsync(LedgerWorld.App("shop", 1, "v1"));
        Assert.Equal(("v1", 3, "updated"), (receipt.Version, receipt.Revision, receipt.Change));
    }

    [Fact]
    public async Task An_older_signed_revision_cannot_be_played_back()
    {
        await using var world = await LedgerWorld.StartAsync();
        var old = world.Sign(LedgerWorld.App("shop"));
        await world.PutAsync(old);
        await world.PutAsync(LedgerWorld.App("shop", instances: 2));
        Assert.Contains("may be an old one played back", (await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(old))).Message);
        await world.DeleteAsync("shop", 2);
        await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(old));
    }

    [Fact]
    public async Task A_signature_from_the_future_is_refused()
    {
        await using var world = await LedgerWorld.StartAsync();
        var signed = BlueprintSignature.Sign(LedgerWorld.Canonical(LedgerWorld.App("shop")), world.Alice, world.Time.GetUtcNow().AddMinutes(6));
        Assert.Contains("is still to come here", (await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(signed))).Message);
    }

    [Fact]
    public async Task A_name_belongs_to_the_tenant_who_used_it_first()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        await world.DeleteAsync("shop", 1);
        Assert.Equal("The name 'shop' belongs to another tenant; choose another one.",
            (await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(LedgerWorld.App("shop"), world.Bob))).Message);
    }

    [Fact]
    public async Task Two_names_that_would_meet_on_the_bus_are_refused()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("my-shop"));
        await LedgerWorld.FaultAsync<Fault.Conflict>(world.PutAsync(LedgerWorld.App("my_shop")));
        await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(LedgerWorld.App("My-Shop"), world.Bob));
    }

    [Fact]
    public async Task A_key_of_no_tenant_is_refused()
    {
        await using var world = await LedgerWorld.StartAsync();
        using var stranger = KeyPair.Create(KeyRole.User, new SeededRandom(9));
        Assert.Contains($"The key {stranger.PublicKey} belongs to no tenant",
            (await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(LedgerWorld.App("shop"), stranger))).Message);
    }

    [Fact]
    public async Task A_changed_unsigned_or_misattributed_blueprint_is_refused()
    {
        await using var world = await LedgerWorld.StartAsync();
        var signed = world.Sign(LedgerWorld.App("shop"));
        foreach (var bad in (SignedBlueprint[])[
            signed with { Canonical = LedgerWorld.Canonical(LedgerWorld.App("shop", 2)) },
            signed with { Signature = default },
            signed with { Signature = new byte[64] },
            signed with { Signer = world.Bob.PublicKey.ToString() },
            signed with { Signer = "" },
            signed with { SignedAt = signed.SignedAt.AddTicks(1) }])
            await LedgerWorld.FaultAsync<Fault.Refused>(world.PutAsync(bad));
        Assert.Empty(await world.EntriesAsync());
    }

    [Fact]
    public async Task A_signed_blueprint_that_breaks_a_rule_is_refused()
    {
        await using var world = await LedgerWorld.StartAsync();
        byte[] bytes = [.. LedgerWorld.Canonical(LedgerWorld.App("shop")), (byte)'\n'];
        var signed = BlueprintSignature.Sign(bytes, world.Alice, world.Time.GetUtcNow());
        await LedgerWorld.FaultAsync<Fault.Invalid>(world.PutAsync(signed));
        await LedgerWorld.FaultAsync<Fault.Invalid>(
            world.PutAsync(BlueprintSignature.Sign(new byte[DocumentLimits.Bytes + 1], world.Alice, world.Time.GetUtcNow())));
    }

    [Fact]
    public async Task Puts_at_the_same_time_are_all_admitted_one_after_the_other()
    {
        await using var world = await LedgerWorld.StartAsync();
        var signed = Enumerable.Range(0, 20).Select(i => world.Sign(LedgerWorld.App($"app{i}"))).ToList();
        var receipts = await Task.WhenAll(signed.Select(one => Task.Run(() => world.PutAsync(one))));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), receipts.Select(receipt => receipt.Revision).Order());
    }

    [Fact]
    public async Task A_ledger_that_another_writer_extended_is_read_on_and_judged_again()
    {
        await using var world = await LedgerWorld.StartAsync();
        await using var elsewhere = new InProcessLattice(world.Time);
        await using var second = await LedgerModule.StartAsync(elsewhere, world.Record, world.Tenants, world.Node, world.Time);
        await world.PutAsync(LedgerWorld.App("one"));
        var request = Payload.Of(world.Sign(LedgerWorld.App("two")), ContractsJson.Default.SignedBlueprint);
        var reply = await elsewhere.RequestAsync(new(Subjects.BlueprintPut, request));
        Assert.Equal(2, reply.Payload.As(ContractsJson.Default.ContractReceipt).Revision);
        Assert.Equal(3, (await world.PutAsync(LedgerWorld.App("three"))).Revision);
    }

    static async Task<(string, string, long, string)> AdmittedAsync(LedgerWorld world, string name)
    {
        var admitted = await world.GetAsync(name);
        return (admitted.Name, admitted.Version, admitted.Revision, admitted.Tenant);
    }
}
