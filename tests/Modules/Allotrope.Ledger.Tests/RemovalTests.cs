using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Ledger.Tests;

public class RemovalTests
{
    [Fact]
    public async Task A_removed_blueprint_is_not_found_and_may_come_back()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        var receipt = await world.DeleteAsync("shop", 1);
        Assert.Equal(("removed", 2, null), (receipt.Change, receipt.Revision, receipt.Version));
        await LedgerWorld.FaultAsync<Fault.NotFound>(world.GetAsync("shop"));
        await LedgerWorld.FaultAsync<Fault.NotFound>(world.DeleteAsync("shop", 2));
        Assert.Equal("created", (await world.PutAsync(LedgerWorld.App("shop"))).Change);
    }

    [Fact]
    public async Task A_removal_of_an_older_revision_is_a_conflict()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        var removal = BlueprintSignature.SignRemoval("shop", 1, world.Alice, world.Time.GetUtcNow().AddSeconds(30));
        await world.PutAsync(LedgerWorld.App("shop", instances: 2));
        Assert.Contains("is at revision 2, not 1", (await LedgerWorld.FaultAsync<Fault.Conflict>(world.DeleteAsync(removal))).Message);
    }

    [Fact]
    public async Task Only_the_owner_may_remove()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        await LedgerWorld.FaultAsync<Fault.Refused>(world.DeleteAsync("shop", 1, world.Bob));
    }

    [Fact]
    public async Task A_changed_removal_is_refused()
    {
        await using var world = await LedgerWorld.StartAsync();
        await world.PutAsync(LedgerWorld.App("shop"));
        var signed = BlueprintSignature.SignRemoval("shop", 1, world.Alice, world.Time.GetUtcNow());
        foreach (var bad in (SignedRemoval[])[
            signed with { Name = "shoe" }, signed with { Revision = 2 }, signed with { Signature = new byte[64] }, signed with { Name = null! }])
            await LedgerWorld.FaultAsync<Fault.Refused>(world.DeleteAsync(bad));
    }

    [Fact]
    public async Task What_never_was_is_not_found()
    {
        await using var world = await LedgerWorld.StartAsync();
        Assert.Equal("There is no blueprint 'shop'; `allot list` shows which there are.",
            (await LedgerWorld.FaultAsync<Fault.NotFound>(world.GetAsync("shop"))).Message);
        await LedgerWorld.FaultAsync<Fault.NotFound>(world.GetAsync(null!));
    }
}
