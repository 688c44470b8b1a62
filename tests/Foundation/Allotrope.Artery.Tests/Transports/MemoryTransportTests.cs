namespace Allotrope.Artery.Tests;

public sealed class MemoryTransportTests
{
    [Fact]
    public async Task Frames_arrive_in_order_and_then_the_farewell()
    {
        var (a, b) = MemoryTransport.CreatePair();
        await a.SendAsync(new byte[] { 1 }, default);
        await a.SendAsync(new byte[] { 2, 3 }, default);
        await a.CloseAsync(CloseCode.Replaced, "a newer artery", default);
        Assert.Equal([1], (await b.ReceiveAsync(10, default)).Bytes.ToArray());
        Assert.Equal([2, 3], (await b.ReceiveAsync(10, default)).Bytes.ToArray());
        var farewell = await b.ReceiveAsync(10, default);
        Assert.Equal((CloseCode.Replaced, "a newer artery"), (farewell.Closed!.Value, farewell.Text));
    }

    [Fact]
    public async Task A_full_pipe_makes_its_sender_wait_until_the_other_end_reads()
    {
        var (a, b) = MemoryTransport.CreatePair();
        ValueTask sending;
        do
            sending = a.SendAsync(new byte[] { 1 }, default);
        while (sending.IsCompletedSuccessfully);
        var waiting = sending.AsTask();
        Assert.False(waiting.IsCompleted);
        await b.ReceiveAsync(10, default);
        await waiting;
    }

    [Fact]
    public async Task An_end_that_is_gone_is_lost_for_who_sends_and_for_who_receives()
    {
        var (a, b) = MemoryTransport.CreatePair();
        await b.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(async () => await a.SendAsync(new byte[] { 1 }, default));
        await Assert.ThrowsAsync<IOException>(async () => await a.ReceiveAsync(10, default));
    }

    [Fact]
    public async Task A_frame_beyond_the_limit_is_refused()
    {
        var (a, b) = MemoryTransport.CreatePair();
        await a.SendAsync(new byte[11], default);
        Assert.Equal(CloseCode.TooLarge, (await Assert.ThrowsAsync<ArteryException>(async () => await b.ReceiveAsync(10, default))).Code);
    }
}
