using System.Text.Json;
using Allotrope.Lattice;

namespace Allotrope.Contracts.Tests;

/// <summary>What providers hand to components is the same when it has gone from one node to another as bytes.</summary>
public class DeliveryFormatTests
{
    [Fact]
    public void A_message_travels_with_all_that_belongs_to_it()
    {
        var sent = new MessageDelivery("shop-messages", "wasi:messaging/incoming-handler", new BrokerMessage("news", new byte[] { 0, 255 }, "_INBOX.1")
        {
            ContentType = "text/plain",
            Metadata = [new("a", "1"), new("a", "2")],
        }, Lost: 3);
        var got = Payload.Of(Payload.Of(sent, ContractsJson.Default.MessageDelivery).ToBytes()).As(ContractsJson.Default.MessageDelivery);
        Assert.Equal((sent.Provider, sent.Interface, 3), (got.Provider, got.Interface, got.Lost));
        Assert.Equal(("news", "_INBOX.1", "text/plain"), (got.Message.Subject, got.Message.ReplyTo, got.Message.ContentType));
        Assert.Equal([0, 255], got.Message.Body.ToArray());
        Assert.Equal(sent.Message.Metadata, got.Message.Metadata);
    }

    [Fact]
    public void A_message_of_a_node_that_knows_no_metadata_has_none()
    {
        var got = JsonSerializer.Deserialize("""{"subject":"news","body":"AP8="}""", ContractsJson.Default.BrokerMessage)!;
        Assert.Equal((null, null), (got.ReplyTo, got.ContentType));
        Assert.Empty(got.Metadata);
    }

    [Fact]
    public void A_change_travels_as_what_it_is()
    {
        Assert.Equal([1, 2], Assert.IsType<KeyValueChange.Written>(Travelled(new KeyValueChange.Written("shop-store", "orders", "a", new byte[] { 1, 2 }))).Value.ToArray());
        foreach (var change in (KeyValueChange[])[new KeyValueChange.Deleted("shop-store", "orders", "ä/1"), new KeyValueChange.Missed("shop-store", "orders")])
            Assert.Equal(change, Travelled(change));

        static KeyValueChange Travelled(KeyValueChange change) =>
            Payload.Of(Payload.Of(change, ContractsJson.Default.KeyValueChange).ToBytes()).As(ContractsJson.Default.KeyValueChange);
    }
}
