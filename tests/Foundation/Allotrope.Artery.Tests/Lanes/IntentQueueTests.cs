using Allotrope.Kernel;

namespace Allotrope.Artery.Tests;

public sealed class IntentQueueTests
{
    static readonly Origin Lamp = new("lamp", 7);

    readonly List<string> _passed = [];

    [Fact]
    public void Intents_leave_in_the_order_they_came()
    {
        var queue = Queue(QueuePolicy.DropOldest, 10);
        Add(queue, "a", 1);
        Add(queue, "b", 2);
        Add(queue, "a", 3);
        Assert.Equal(["1", "2", "3"], Take(queue));
        Assert.Equal(["sent 1", "sent 2", "sent 3"], _passed);
    }

    [Fact]
    public void Drop_oldest_makes_room_and_says_what_went()
    {
        var queue = Queue(QueuePolicy.DropOldest, 2);
        for (var i = 1; i <= 4; i++)
            Assert.True(Add(queue, "a", i));
        Assert.Equal(["3", "4"], Take(queue));
        Assert.Equal(["dropped 1", "dropped 2", "sent 3", "sent 4"], _passed);
    }

    [Fact]
    public void Coalesce_keeps_the_newest_of_each_name_and_origin()
    {
        var queue = Queue(QueuePolicy.Coalesce, 4);
        Add(queue, "a", 1);
        Add(queue, "b", 2);
        Add(queue, "a", 3);
        Add(queue, "a", 4);
        Assert.Empty(_passed);
        Add(queue, "c", 5);
        Assert.Equal(["dropped 1", "dropped 3"], _passed);
        Add(queue, "b", 6);
        Assert.Equal(["4", "5", "6"], Take(queue));
    }

    [Fact]
    public void Coalesce_drops_the_oldest_when_all_differ()
    {
        var queue = Queue(QueuePolicy.Coalesce, 2);
        Add(queue, "a", 1);
        Add(queue, "b", 2);
        Add(queue, "c", 3);
        Assert.Equal(["2", "3"], Take(queue));
    }

    [Fact]
    public void A_queue_that_has_run_empty_coalesces_no_more_until_it_is_full_again()
    {
        var queue = Queue(QueuePolicy.Coalesce, 2);
        for (var i = 1; i <= 3; i++)
            Add(queue, "a", i);
        Take(queue);
        Add(queue, "a", 4);
        Add(queue, "a", 5);
        Assert.Equal(["4", "5"], Take(queue));
    }

    [Fact]
    public void Sever_takes_no_more_and_drops_nothing()
    {
        var queue = Queue(QueuePolicy.Sever, 1);
        Assert.True(Add(queue, "a", 1));
        Assert.False(Add(queue, "a", 2));
        Assert.Empty(_passed);
    }

    [Fact]
    public void State_keeps_its_place_between_intents_and_is_never_dropped_for_one()
    {
        var queue = Queue(QueuePolicy.DropOldest, 2);
        Add(queue, "a", 1);
        Assert.True(queue.TryAdd(FrameKind.State, [0xf6]));
        Add(queue, "a", 2);
        Add(queue, "a", 3);
        Assert.Equal(["State", "2", "3"], Take(queue));
    }

    [Fact]
    public void The_bytes_that_wait_are_bounded_too()
    {
        var queue = new IntentQueue(new LinkOptions { QueueBytes = 1000 }, Passed);
        for (var i = 1; i <= 3; i++)
            queue.TryAdd(new Intent("a", Lamp, i, 0, new byte[600]));
        Assert.Equal(1, queue.Intents);
        Assert.Equal(["dropped 1", "dropped 2"], _passed);
    }

    [Fact]
    public void A_batch_ends_at_its_size_and_the_rest_follows()
    {
        var queue = Queue(QueuePolicy.DropOldest, 100);
        for (var i = 1; i <= 100; i++)
            queue.TryAdd(new Intent("a", Lamp, i, 0, Text(1000)));
        using var batch = new FrameBuffer();
        queue.WriteBatch(batch, new IntentWriteTables());
        Assert.InRange(batch.Length, ArteryLimits.BatchBytes / 2, ArteryLimits.BatchBytes + 1100);
        Assert.InRange(queue.Intents, 50, 90);
    }

    [Fact]
    public void What_is_cleared_counts_as_dropped()
    {
        var queue = Queue(QueuePolicy.DropOldest, 10);
        Add(queue, "a", 1);
        queue.TryAdd(FrameKind.Invoke, [0xf6]);
        queue.Clear();
        Assert.True(queue.IsEmpty);
        Assert.Equal(["dropped 1"], _passed);
    }

    [Theory]
    [InlineData(nameof(QueuePolicy.DropOldest))]
    [InlineData(nameof(QueuePolicy.Coalesce))]
    [InlineData(nameof(QueuePolicy.Sever))]
    public void Whatever_happens_each_intent_taken_is_told_once_and_those_sent_in_order(string policy)
    {
        var random = new SeededRandom(17);
        var queue = Queue(Enum.Parse<QueuePolicy>(policy), 16);
        var step = new byte[2];
        var taken = new List<int>();
        for (var i = 1; i <= 5_000; i++)
        {
            random.Fill(step);
            if (Add(queue, $"n{step[0] % 24}", i))
                taken.Add(i);
            if (step[1] < 12)
                Take(queue);
        }

        queue.Clear();
        var told = _passed.Select(line => int.Parse(line.Split(' ')[1])).ToList();
        Assert.Equal(taken, told.Order());
        var sent = _passed.Where(line => line.StartsWith("sent", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1])).ToList();
        Assert.Equal(sent.Order(), sent);
    }

    [Theory]
    [InlineData(nameof(QueuePolicy.DropOldest))]
    [InlineData(nameof(QueuePolicy.Coalesce))]
    public void A_full_queue_allocates_nothing(string policy)
    {
        var queue = new IntentQueue(new LinkOptions { Queue = 64, Policy = Enum.Parse<QueuePolicy>(policy) }, (_, _, _) => { });
        string[] names = [.. Enumerable.Range(0, 200).Select(i => $"n{i}")];
        byte[] data = Text(40);
        Assert.Equal(0, Steadily.Allocates(() =>
        {
            for (var i = 0; i < 10_000; i++)
                queue.TryAdd(new Intent(names[i % names.Length], Lamp, i, i, data));
        }));
    }

    IntentQueue Queue(QueuePolicy policy, int capacity) => new(new LinkOptions { Queue = capacity, Policy = policy }, Passed);

    void Passed(Origin origin, long sequence, bool dropped) => _passed.Add($"{(dropped ? "dropped" : "sent")} {sequence}");

    static bool Add(IntentQueue queue, string name, long sequence) => queue.TryAdd(new Intent(name, Lamp, sequence, 0, []));

    static byte[] Text(int length) => [0x79, (byte)((length - 3) >> 8), (byte)(length - 3), .. new byte[length - 3]];

    static List<string> Take(IntentQueue queue)
    {
        var taken = new List<string>();
        var (write, read) = (new IntentWriteTables(), new IntentReadTables());
        using var output = new FrameBuffer();
        while (!queue.IsEmpty)
        {
            output.Clear();
            if (queue.First != FrameKind.Intents)
            {
                taken.Add(queue.First.ToString());
                queue.TakeContent(output);
                continue;
            }

            queue.WriteBatch(output, write);
            var reader = new IntentBatchReader(output.WrittenSpan, read);
            while (reader.TryRead(out var intent))
                taken.Add(intent.Sequence.ToString());
        }

        return taken;
    }
}
