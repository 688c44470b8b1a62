using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Blobstore.Tests.BlobstoreWorld;

namespace Allotrope.Blobstore.Tests;

public sealed class LinkTests
{
    [Fact]
    public async Task A_caller_that_is_not_linked_is_refused()
    {
        await using var world = await StartAsync();
        Assert.Contains("shop-spy is not linked", Assert.IsType<Fault.Refused>(await world.FaultOfAsync(new BlobOperation.CreateContainer("c"), "shop-spy")).Message, StringComparison.Ordinal);
        Assert.IsType<Fault.Refused>(await world.FaultOfAsync(new BlobOperation.CreateContainer("c"), link: "other"));
    }

    [Fact]
    public async Task Each_link_has_objects_of_its_own()
    {
        await using var world = await StartAsync(Link(), Link(name: "other"), Link("shop-till"));
        await world.AskAsync(new BlobOperation.CreateContainer("c"));
        await world.PutAsync("c", "a", [1]);
        Assert.Null((await world.AskAsync(new BlobOperation.FindContainer("c"), link: "other")).CreatedAt);
        Assert.IsType<Fault.NotFound>(await world.FaultOfAsync(new BlobOperation.Open("c", "a"), "shop-till"));
        await world.AskAsync(new BlobOperation.CreateContainer("c"), "shop-till"); // the same name, another container
    }

    [Fact]
    public async Task Readers_and_uploads_are_those_of_who_opened_them()
    {
        await using var world = await StartAsync(Link(values: ("store", "s")), Link("shop-till", values: ("store", "s")));
        await world.AskAsync(new BlobOperation.CreateContainer("c"));
        await world.PutAsync("c", "a", [1]);
        var (reader, upload) = ((await world.AskAsync(new BlobOperation.Open("c", "a"))).Id, await world.UploadAsync([1]));
        Assert.IsType<Fault.NotFound>(await world.FaultOfAsync(new BlobOperation.Read(reader, 0, 1), "shop-till"));
        Assert.IsType<Fault.NotFound>(await world.FaultOfAsync(new BlobOperation.Append(upload, 1, new byte[1]), "shop-till"));
        await world.AskAsync(new BlobOperation.Abandon(upload), "shop-till");
        await world.AskAsync(new BlobOperation.Close(reader), "shop-till");
        await world.AskAsync(new BlobOperation.Read(reader, 0, 1));
        await world.AskAsync(new BlobOperation.Append(upload, 1, new byte[1]));
    }

    [Fact]
    public async Task Links_that_name_one_store_share_it_and_one_may_be_for_reading_only()
    {
        await using var world = await StartAsync(Link(values: ("store", "stock")), Link("shop-till", "default", ("store", "stock"), ("access", "read-only")));
        await world.AskAsync(new BlobOperation.CreateContainer("c"));
        await world.PutAsync("c", "a", [1]);
        Assert.Equal([1], await world.GetAsync("c", "a", "shop-till"));
        foreach (var change in new BlobOperation[]
        {
            new BlobOperation.CreateContainer("d"), new BlobOperation.DeleteContainer("c"), new BlobOperation.Clear("c"), new BlobOperation.Delete("c", ["a"]),
            new BlobOperation.Copy("c", "a", "c", "b"), new BlobOperation.Move("c", "a", "c", "b"), new BlobOperation.Begin(),
        })
            Assert.Contains("read-only", Assert.IsType<Fault.Refused>(await world.FaultOfAsync(change, "shop-till")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_for_some_containers_reaches_no_others()
    {
        await using var world = await StartAsync(Link(values: ("store", "s")), Link("shop-till", "default", ("store", "s"), ("containers", "bills, notes")));
        await world.AskAsync(new BlobOperation.CreateContainer("c"));
        await world.AskAsync(new BlobOperation.CreateContainer("notes"), "shop-till");
        await world.PutAsync("notes", "a", [1], "shop-till");
        Assert.IsType<Fault.Refused>(await world.FaultOfAsync(new BlobOperation.List("c", null), "shop-till"));
        Assert.IsType<Fault.Refused>(await world.FaultOfAsync(new BlobOperation.Copy("notes", "a", "c", "a"), "shop-till"));
        Assert.IsType<Fault.Refused>(await world.FaultOfAsync(new BlobOperation.FindContainer("bills, notes"), "shop-till"));
    }

    [Fact]
    public async Task A_link_that_opens_all_it_can_leaves_the_others_their_part_of_readers() => await LeavesOthersTheirPartAsync(
        BlobstoreLimits.Readers, new BlobOperation.Open("c", "a"), id => new BlobOperation.Close(id));

    [Fact]
    public async Task A_link_that_begins_all_it_can_leaves_the_others_their_part_of_uploads() => await LeavesOthersTheirPartAsync(
        BlobstoreLimits.Uploads, new BlobOperation.Begin(), id => new BlobOperation.Abandon(id));

    [Theory]
    [InlineData("store", "../secrets")]
    [InlineData("access", "write")]
    public async Task A_setting_of_a_link_that_means_nothing_fails_with_a_sentence(string setting, string value)
    {
        await using var world = await StartAsync();
        var status = await world.AssignAsync(Link(values: (setting, value)));
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains($"\"{value}\"", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_misspelt_is_not_passed_over()
    {
        await using var world = await StartAsync();
        var status = await world.AssignAsync(Link(values: ("acess", "read-only")));
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("\"acess\", which is none: known are access, containers and store.", status.Message, StringComparison.Ordinal);

        world.Setting = "capasity";
        status = await world.AssignAsync(Link());
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("\"capasity\", which is none: known is capacity.", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("much")]
    [InlineData("0Gi")]
    [InlineData("10")]
    public async Task A_capacity_that_is_none_fails_with_a_sentence(string capacity)
    {
        await using var world = await StartAsync();
        world.Capacity = capacity;
        var status = await world.AssignAsync(Link());
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("such as 20Gi", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_links_keeps_the_objects()
    {
        await using var world = await StartAsync();
        await world.AskAsync(new BlobOperation.CreateContainer("c"));
        var status = await world.AssignAsync(Link(), Link("shop-till"));
        Assert.Equal((WorkloadState.Running, "Keeps the objects of 2 links."), (status.State, status.Message));
        Assert.NotNull((await world.AskAsync(new BlobOperation.FindContainer("c"))).CreatedAt);
    }

    /// <summary>Of two links.</summary>
    static async Task LeavesOthersTheirPartAsync(int most, BlobOperation begin, Func<string, BlobOperation> end)
    {
        await using var world = await StartAsync(Link(values: ("store", "s")), Link("shop-till", values: ("store", "s")));
        await world.AskAsync(new BlobOperation.CreateContainer("c"));
        await world.PutAsync("c", "a", [1]);
        var greedy = await AllAsync(world, begin, Origin);
        Assert.Equal(most * 3 / 4, greedy.Count); // half of them, and its part of the others
        var other = await AllAsync(world, begin, "shop-till");
        Assert.Equal(most / 4, other.Count);
        await world.AskAsync(end(greedy[0]));
        await world.AskAsync(begin, "shop-till"); // what nobody is sure of is whose who comes first
        await world.FaultOfAsync(begin);
        await world.AskAsync(end(other[0]), "shop-till");
        await world.AskAsync(begin);
    }

    static async Task<List<string>> AllAsync(BlobstoreWorld world, BlobOperation begin, string origin)
    {
        List<string> ids = [];
        var fault = (await Assert.ThrowsAsync<FaultException>(async () =>
        {
            while (true)
                ids.Add((await world.AskAsync(begin, origin)).Id);
        })).Fault;
        Assert.StartsWith($"{origin} has all the ", Assert.IsType<Fault.Exhausted>(fault).Message, StringComparison.Ordinal);
        return ids;
    }
}
