using Allotrope.Components;
using Allotrope.Contracts;

namespace Allotrope.Actors.Tests.Messages;

/// <summary>What a message has, and what it counts as.</summary>
public sealed class LinkedMessageTests
{
    readonly MessageHoldings _holdings = new();

    [Fact]
    public void One_that_a_guest_makes_has_its_data_and_nothing_else()
    {
        var message = Made(1, 2);
        Assert.Equal([1, 2], message.Data().ToArray());
        Assert.Equal((null, null, null), (message.Topic(), message.ContentType(), message.Metadata()));
    }

    [Fact]
    public void Metadata_of_a_key_takes_the_place_of_what_was_there_of_it()
    {
        var message = Made();
        message.AddMetadata("a", "1");
        message.AddMetadata("b", "2");
        message.AddMetadata("a", "3");
        Assert.Equal([("b", "2"), ("a", "3")], message.Metadata()!);
        message.RemoveMetadata("a");
        Assert.Equal([("b", "2")], message.Metadata()!);
        message.SetMetadata([("c", "4"), ("c", "5")]);
        Assert.Equal([("c", "4"), ("c", "5")], message.Metadata()!);
    }

    [Fact]
    public void Metadata_beyond_its_bounds_ends_the_guest()
    {
        var message = Made();
        for (var i = 0; i < LinkedMessage.Entries; i++)
            message.AddMetadata($"key {i}", "value");
        Assert.Throws<ComponentTrap>(() => message.AddMetadata("one more", "value"));
        Assert.Throws<ComponentTrap>(() => message.AddMetadata("key 1", new string('x', LinkedMessage.TextLength + 1)));
        Assert.Throws<ComponentTrap>(() => message.SetContentType(new string('x', LinkedMessage.TextLength + 1)));
    }

    [Fact]
    public void All_that_a_guest_holds_is_bounded_however_it_came_to_it()
    {
        Made(MessageHoldings.MostBytes - 100_000);
        Assert.Throws<ComponentTrap>(() => Made(100_000));
        Assert.Throws<ComponentTrap>(() => Made().SetData(new byte[100_000]));
        Assert.Throws<ComponentTrap>(() => new LinkedMessage(_holdings, new BrokerMessage("news", new byte[100_000]), "messages"));
        var message = Made();
        Assert.Throws<ComponentTrap>(() => message.SetMetadata([.. Enumerable.Range(0, LinkedMessage.Entries).Select(_ => ("key", new string('x', 1000)))]));
    }

    [Fact]
    public void What_is_dropped_or_replaced_counts_no_more()
    {
        var large = Made(MessageHoldings.MostBytes - 1000);
        large.SetData(new byte[1]);
        var second = Made(MessageHoldings.MostBytes - 1000);
        second.Dispose();
        second.Dispose();
        Made(MessageHoldings.MostBytes - 1000);
    }

    LinkedMessage Made(params byte[] data) => new(_holdings, data);

    LinkedMessage Made(int length) => new(_holdings, new byte[length]);
}
