using System.Text;
using Allotrope.Components;
using Allotrope.Conformance;
using Allotrope.Wasi.Blobstore;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Tests.Blobstore;

public sealed class MemoryBlobstoreTests
{
    readonly ManualTime _time = new();
    readonly MemoryBlobstore _store;

    public MemoryBlobstoreTests() => _store = new(_time, new BlobLimits { Containers = 2, Objects = 3, ObjectBytes = 100_000, TotalBytes = 150_000, Name = 16 });

    [Fact]
    public async Task What_was_written_is_read_whole_and_in_part()
    {
        var container = await Container("box");
        await Write(container, "greeting", "Hello, world");
        Assert.Equal("Hello, world", await Read(container, "greeting", 0, ulong.MaxValue));
        Assert.Equal("ello", await Read(container, "greeting", 1, 4));
        Assert.Equal("d", await Read(container, "greeting", 11, 11));
        Assert.Equal("", await Read(container, "greeting", 12, 99));
        Assert.Equal("no bytes from 13 to 99 in greeting, which has 12", (await container.GetData("greeting", 13, 99)).Error);
        Assert.Equal("no bytes from 4 to 1 in greeting, which has 12", (await container.GetData("greeting", 4, 1)).Error);
    }

    [Fact]
    public async Task An_object_is_there_when_it_is_finished_and_not_before()
    {
        var container = await Container("box");
        var value = _store.OutgoingValueNewOutgoingValue();
        await container.WriteData("greeting", value);
        using (var body = value.OutgoingValueWriteBody().Value)
            await body.BlockingWriteAndFlush("Hello"u8.ToArray());
        Assert.False((await container.HasObject("greeting")).Value);
        await _store.OutgoingValueFinish(value);
        Assert.Equal("Hello", await Read(container, "greeting", 0, 99));
    }

    [Fact]
    public async Task An_object_that_is_dropped_before_its_end_is_not_there()
    {
        var container = await Container("box");
        using (var value = _store.OutgoingValueNewOutgoingValue())
            await container.WriteData("greeting", value);
        Assert.False((await container.HasObject("greeting")).Value);
    }

    [Fact]
    public async Task What_is_being_written_is_bounded_over_all_objects()
    {
        var content = new byte[4096];
        var values = Enumerable.Range(0, 2).Select(_ => _store.OutgoingValueNewOutgoingValue()).ToList();
        var bodies = values.ConvertAll(value => value.OutgoingValueWriteBody().Value);
        for (var i = 0; i < 18; i++)
            foreach (var body in bodies)
                Assert.True((await body.BlockingWriteAndFlush(content)).IsOk);

        Assert.IsType<StreamError.LastOperationFailed>((await bodies[0].BlockingWriteAndFlush(content)).Error);
        values[0].Dispose();
        Assert.True((await bodies[1].BlockingWriteAndFlush(content)).IsOk);
        values[1].Dispose();
        Assert.IsType<StreamError.LastOperationFailed>((await bodies[1].BlockingWriteAndFlush(content)).Error);
    }

    [Fact]
    public async Task What_guests_keep_of_replaced_objects_is_bounded()
    {
        var container = await Container("box");
        await Write(container, "big", new string('x', 60_000));

        for (var i = 0; i < 10; i++)
        {
            (await container.GetData("big", 0, 99_999)).Value.Dispose();
            Assert.Equal(60_000, (await _store.IncomingValueIncomingValueConsumeSync((await container.GetData("big", 0, 99_999)).Value)).Value.Length);
            using var stream = _store.IncomingValueIncomingValueConsumeAsync((await container.GetData("big", 0, 99_999)).Value).Value;
        }

        Assert.True((await container.GetData("big", 0, 99_999)).IsOk);
        Assert.True((await container.GetData("big", 0, 99_999)).IsOk);
        Assert.False((await container.GetData("big", 0, 99_999)).IsOk);
    }

    [Fact]
    public void The_stream_of_a_value_is_given_once()
    {
        using var value = _store.OutgoingValueNewOutgoingValue();
        Assert.True(value.OutgoingValueWriteBody().IsOk);
        Assert.False(value.OutgoingValueWriteBody().IsOk);
    }

    [Fact]
    public async Task What_was_asked_for_stays_readable_when_the_object_is_replaced_or_deleted()
    {
        var container = await Container("box");
        await Write(container, "greeting", "old");
        var old = (await container.GetData("greeting", 0, 99)).Value;
        await Write(container, "greeting", "newer");
        await container.DeleteObject("greeting");
        Assert.Equal(3ul, old.Size());
        var stream = _store.IncomingValueIncomingValueConsumeAsync(old).Value;
        Assert.Equal("old", Encoding.UTF8.GetString((await stream.BlockingRead(99)).Value.Span));
        Assert.IsType<StreamError.Closed>((await stream.BlockingRead(99)).Error);
    }

    [Fact]
    public async Task Names_come_in_parts_and_say_when_they_end()
    {
        var container = await Container("box");
        foreach (var name in new[] { "c", "a", "b" })
            await Write(container, name, name);
        using var names = (await container.ListObjects()).Value;
        var (first, firstEnds) = (await names.ReadStreamObjectNames(1)).Value;
        Assert.Equal((1ul, false), (await names.SkipStreamObjectNames(1)).Value);
        var (rest, restEnds) = (await names.ReadStreamObjectNames(ulong.MaxValue)).Value;
        Assert.Equal(("a", false, "c", true), (Assert.Single(first), firstEnds, Assert.Single(rest), restEnds));
    }

    [Fact]
    public async Task Objects_are_copied_moved_and_cleared()
    {
        var (from, to) = (await Container("from"), await Container("to"));
        await Write(from, "a", "1");
        Assert.True((await _store.CopyObject(new("from", "a"), new("to", "b"))).IsOk);
        Assert.True((await _store.MoveObject(new("from", "a"), new("from", "c"))).IsOk);
        Assert.Equal("1", await Read(to, "b", 0, 0));
        Assert.Equal("1", await Read(from, "c", 0, 0));
        Assert.Equal("there is no object a in from", (await from.ObjectInfo("a")).Error);
        Assert.Equal("there is no container nowhere", (await _store.CopyObject(new("to", "b"), new("nowhere", "b"))).Error);
        await from.Clear();
        Assert.False((await from.HasObject("c")).Value);
    }

    [Fact]
    public async Task Information_tells_size_and_time()
    {
        var created = (ulong)_time.GetUtcNow().ToUnixTimeSeconds();
        var container = await Container("box");
        _time.Advance(TimeSpan.FromSeconds(5));
        await Write(container, "a", "four");
        Assert.Equal(new ContainerMetadata("box", created), (await container.Info()).Value);
        Assert.Equal(new ObjectMetadata("a", "box", created + 5, 4), (await container.ObjectInfo("a")).Value);
    }

    [Fact]
    public async Task A_deleted_container_is_gone_for_those_who_hold_it()
    {
        var container = await Container("box");
        await _store.DeleteContainer("box");
        Assert.False((await _store.ContainerExists("box")).Value);
        Assert.Equal("there is no container box", (await container.Info()).Error);
        Assert.Equal("there is no container box", (await _store.GetContainer("box")).Error);
    }

    [Fact]
    public async Task Containers_objects_names_and_bytes_are_bounded()
    {
        var container = await Container("box");
        await Container("other");
        Assert.Equal("the store holds at most 2 containers", (await _store.CreateContainer("third")).Error);
        Assert.Equal("the container box is there already", (await _store.CreateContainer("box")).Error);
        Assert.Equal("a container's name has 1 to 16 characters, not 17", (await _store.CreateContainer(new string('n', 17))).Error);
        Assert.Equal("an object's name has 1 to 16 characters, not 0", await Write(container, "", "x"));
        Assert.Null(await Write(container, "a", new string('x', 90_000)));
        Assert.Equal("the store holds at most 150000 bytes", await Write(container, "b", new string('x', 90_000)));
        Assert.Null(await Write(container, "a", new string('x', 80_000)));
        await Write(container, "b", "");
        await Write(container, "c", "");
        Assert.Equal("a container holds at most 3 objects", await Write(container, "d", ""));
        await container.DeleteObject("a");
        Assert.Null(await Write(container, "d", new string('x', 90_000)));
    }

    [Fact]
    public async Task An_object_that_grows_beyond_its_bound_fails_its_stream()
    {
        using var value = _store.OutgoingValueNewOutgoingValue();
        using var body = value.OutgoingValueWriteBody().Value;
        Result<Unit, StreamError> written = default;
        for (var sent = 0; sent <= 100_000 && written.IsOk; sent += 4096)
            written = await body.BlockingWriteAndFlush(new byte[4096]);
        Assert.Equal("an object holds at most 100000 bytes", Assert.IsType<StreamError.LastOperationFailed>(written.Error).Value.ToDebugString());
    }

    async Task<IContainer> Container(string name) => (await _store.CreateContainer(name)).Value;

    async Task<string?> Write(IContainer container, string name, string text)
    {
        var value = _store.OutgoingValueNewOutgoingValue();
        using (var body = value.OutgoingValueWriteBody().Value)
        {
            for (var bytes = Encoding.UTF8.GetBytes(text).AsMemory(); !bytes.IsEmpty; bytes = bytes[Math.Min(4096, bytes.Length)..])
                await body.BlockingWriteAndFlush(bytes[..Math.Min(4096, bytes.Length)]);
        }

        await container.WriteData(name, value);
        var finished = await _store.OutgoingValueFinish(value);
        return finished.IsOk ? null : finished.Error;
    }

    async Task<string> Read(IContainer container, string name, ulong start, ulong end)
    {
        using var value = (await container.GetData(name, start, end)).Value;
        return Encoding.UTF8.GetString((await _store.IncomingValueIncomingValueConsumeSync(value)).Value.Span);
    }
}
