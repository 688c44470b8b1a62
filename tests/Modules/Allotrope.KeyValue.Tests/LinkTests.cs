using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using static Allotrope.KeyValue.Tests.KeyValueWorld;

namespace Allotrope.KeyValue.Tests;

public sealed class LinkTests
{
    [Fact]
    public async Task A_caller_that_is_not_linked_is_refused()
    {
        await using var world = await StartAsync(Link("shop-cart"));
        var error = await Assert.ThrowsAsync<FaultException>(() => world.CallAsync("Get", "a", origin: "shop-spy"));
        Assert.Contains("shop-spy is not linked", Assert.IsType<Fault.Refused>(error.Fault).Message);
    }

    [Fact]
    public async Task A_link_is_known_by_its_name()
    {
        await using var world = await StartAsync(Link("shop-cart", "sessions"));
        var error = await Assert.ThrowsAsync<FaultException>(() => world.CallAsync("Get", "a", link: "default"));
        Assert.IsType<Fault.Refused>(error.Fault);
        Assert.Equal("false", await world.CallAsync("Contains", "a", link: "sessions"));
    }

    [Fact]
    public async Task Each_link_has_data_of_its_own()
    {
        await using var world = await StartAsync(Link("shop-cart"), Link("shop-cart", "other"), Link("shop-till"));
        await world.CallAsync("Set", ("key", "a"), ("value", "x"), ("expires", 0));
        Assert.Equal("false", await world.CallAsync("Contains", "a", link: "other"));
        Assert.Equal("false", await world.CallAsync("Contains", "a", origin: "shop-till"));
    }

    [Fact]
    public async Task Links_that_name_one_bucket_share_it()
    {
        await using var world = await StartAsync(Link("shop-cart", "default", ("bucket", "stock")), Link("shop-till", "default", ("bucket", "stock")));
        await world.CallAsync("Set", ("key", "a"), ("value", "x"), ("expires", 0));
        Assert.Equal("true", await world.CallAsync("Contains", "a", origin: "shop-till"));
    }

    [Fact]
    public async Task Data_survives_a_restart()
    {
        await using var world = await StartAsync(Link("shop-cart"));
        await world.CallAsync("Increment", ("key", "n"), ("value", 41));
        await world.RestartAsync(Link("shop-cart"));
        Assert.Equal("42", await world.CallAsync("Increment", ("key", "n"), ("value", 1)));
    }

    [Fact]
    public async Task A_change_of_links_takes_effect_and_keeps_the_data()
    {
        await using var world = await StartAsync(Link("shop-cart"));
        await world.CallAsync("Set", ("key", "a"), ("value", "x"), ("expires", 0));
        var status = await world.AssignAsync(Link("shop-cart"), Link("shop-till"));
        Assert.Equal((WorkloadState.Running, "Keeps the data of 2 links."), (status.State, status.Message));
        Assert.Equal("true", await world.CallAsync("Contains", "a"));
        Assert.Equal("false", await world.CallAsync("Contains", "a", origin: "shop-till"));
    }

    [Fact]
    public async Task A_provider_that_is_no_longer_assigned_is_not_served()
    {
        await using var world = await StartAsync();
        await world.UnassignAsync();
        var error = await Assert.ThrowsAsync<FaultException>(() => world.CallAsync("Get", "a"));
        Assert.IsType<Fault.Unreachable>(error.Fault);
    }

    [Fact]
    public async Task An_unknown_image_fails_with_a_sentence()
    {
        await using var world = await StartAsync();
        var status = await world.AssignAsync(Assignment(99) with { Image = "builtin:redis" });
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("this node has builtin:keyvalue", status.Message);
    }

    [Fact]
    public async Task A_malformed_bucket_name_fails_with_a_sentence()
    {
        await using var world = await StartAsync();
        var status = await world.AssignAsync(Link("shop-cart", "default", ("bucket", "../secrets")));
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("../secrets", status.Message);
    }

    [Fact]
    public async Task Two_links_of_one_name_fail_with_a_sentence()
    {
        await using var world = await StartAsync();
        var status = await world.AssignAsync(Link("shop-cart"), Link("shop-cart"));
        Assert.Equal(WorkloadState.Failed, status.State);
        Assert.Contains("twice", status.Message);
    }

    [Fact]
    public async Task Assignments_of_other_contracts_are_left_alone()
    {
        await using var world = await StartAsync();
        var assignments = await world.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Assignments));
        var other = Assignment(1) with { Workload = "shop-web", Component = "web", Contract = "wasmcloud:httpserver" };
        await assignments.PutAsync($"{Node}.shop-web", Payload.Of(other, ContractsJson.Default.Assignment).ToBytes());
        await world.AssignAsync(Link("shop-cart"));
        var status = await world.Lattice.OpenBucketAsync(new BucketOptions(Buckets.Status));
        Assert.Equal([$"{Node}.{KeyValueWorld.Provider}"], await status.KeysAsync().ToListAsync());
    }

    [Fact]
    public void Buckets_of_different_links_have_different_names()
    {
        string[] names =
        [
            BucketName.Of("a-b", "c-d", "e"), BucketName.Of("a-b", "c-d", "f"), BucketName.Of("a-b", "c-e", "d"), BucketName.Of("a-b", "c"),
            BucketName.Of("a-b", "c-d", "e.f"), BucketName.Of("a-b", "c-d", "e f"), BucketName.Of("a-b", "c-d", "e-f"), BucketName.Of("a-b", "c-d-e"),
            BucketName.Of(new string('a', 100) + "-b", new string('c', 150) + "-d", "e"),
            BucketName.Of(new string('a', 100) + "-b", new string('c', 150) + "-d", "f"),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.True(name.Length <= LatticeLimits.BucketNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')));
    }

    [Fact]
    public void Buckets_keep_the_names_under_which_data_lies()
    {
        Assert.Equal("kv-a-b-c-d-e", BucketName.Of("a-b", "c-d", "e"));
        Assert.Equal("kv-278cb6c5afae547ea8595e2e873099303784a3277a27207a256eedad4e1753b4", BucketName.Of("a-b", "c-d", "e-f"));
        Assert.Equal("kv-90d66c5189301118fddd922ea8217edce8d918eb9f4f0473a73ba9a5c500a83e", BucketName.Of("shop-kv", "stock"));
    }
}
