using System.Text;
using Allotrope.Components;
using Allotrope.Wasi.Blobstore;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors.Tests.Blobs;

/// <summary>The interface as a host implements it, called as a guest calls it.</summary>
[Collection(nameof(Components))]
public sealed class LinkedBlobsTests : IAsyncLifetime
{
    BlobNode _world = null!;
    LinkedBlobs _blobs = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await BlobNode.StartAsync();
        _blobs = await _world.BlobsAsync(BlobNode.Link());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_was_written_is_read_whole_and_in_part()
    {
        var container = await ContainerAsync("box");
        await WriteAsync(container, "greeting", "Hello, world");
        Assert.Equal("Hello, world", await ReadAsync(container, "greeting", 0, ulong.MaxValue));
        Assert.Equal("ello", await ReadAsync(container, "greeting", 1, 4));
        Assert.Equal("d", await ReadAsync(container, "greeting", 11, 11));
        Assert.Equal("", await ReadAsync(container, "greeting", 12, 99));
        Assert.Contains("no bytes from 13 to 99", (await container.GetData("greeting", 13, 99)).Error, StringComparison.Ordinal);
        Assert.Contains("no bytes from 4 to 1", (await container.GetData("greeting", 4, 1)).Error, StringComparison.Ordinal);
        await WriteAsync(container, "empty", "");
        Assert.Equal("", await ReadAsync(container, "empty", 0, 0));
    }

    [Fact]
    public async Task An_object_is_there_when_it_is_finished_and_not_before()
    {
        var container = await ContainerAsync("box");
        var value = _blobs.OutgoingValueNewOutgoingValue();
        using var body = value.OutgoingValueWriteBody().Value; // held beyond the end
        for (var i = 0; i < 50; i++)
            Assert.True((await body.BlockingWriteAndFlush(new byte[4096])).IsOk); // before it is known what it is to be
        await container.WriteData("a", value);
        await container.WriteData("b", value); // the last one said holds
        Assert.False((await container.HasObject("b")).Value);
        Assert.True((await _blobs.OutgoingValueFinish(value)).IsOk);
        Assert.Equal((false, true), ((await container.HasObject("a")).Value, (await container.HasObject("b")).Value));
        Assert.Equal(50 * 4096ul, (await container.ObjectInfo("b")).Value.Size);
        Assert.IsType<StreamError.LastOperationFailed>((await body.BlockingWriteAndFlush(new byte[1])).Error);
    }

    [Fact]
    public async Task An_object_that_is_dropped_or_of_which_nothing_was_said_is_not_there()
    {
        var container = await ContainerAsync("box");
        using (var value = _blobs.OutgoingValueNewOutgoingValue())
        {
            await container.WriteData("a", value);
            await FillAsync(value);
            await _world.FilesAreAsync(1);
        }
        await FillAsync(_blobs.OutgoingValueNewOutgoingValue(), finish: true);
        await _world.FilesAreAsync(0);
        Assert.False((await container.HasObject("a")).Value);
    }

    [Fact]
    public async Task What_the_provider_refuses_of_a_body_ends_its_stream_and_is_said_at_its_end()
    {
        var container = await ContainerAsync("box");
        await _world.BlobsAsync(BlobNode.Link(values: ("access", "read-only")));
        var value = _blobs.OutgoingValueNewOutgoingValue();
        await container.WriteData("a", value);
        var body = value.OutgoingValueWriteBody().Value;
        Result<Unit, StreamError> written = default;
        for (var i = 0; i < 1000 && written.IsOk; i++)
            written = await body.BlockingWriteAndFlush(new byte[4096]);
        Assert.Contains("read-only", Assert.IsType<StreamError.LastOperationFailed>(written.Error).Value.ToDebugString(), StringComparison.Ordinal);
        Assert.Contains("read-only", (await _blobs.OutgoingValueFinish(value)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stream_of_a_value_is_given_once()
    {
        using var value = _blobs.OutgoingValueNewOutgoingValue();
        Assert.True(value.OutgoingValueWriteBody().IsOk);
        Assert.False(value.OutgoingValueWriteBody().IsOk);
    }

    [Fact]
    public async Task What_an_instance_reads_and_writes_at_once_is_bounded()
    {
        var container = await ContainerAsync("box");
        await WriteAsync(container, "a", "x");
        for (var round = 0; round < 3; round++)
        {
            var open = new List<IDisposable>();
            for (var i = 0; i < 32; i++)
            {
                open.Add(_blobs.OutgoingValueNewOutgoingValue());
                open.Add(i % 2 == 0
                    ? (await container.GetData("a", 0, 9)).Value
                    : _blobs.IncomingValueIncomingValueConsumeAsync((await container.GetData("a", 0, 9)).Value).Value);
            }
            Assert.Contains("at once", (await container.GetData("a", 0, 9)).Error, StringComparison.Ordinal);
            Assert.Throws<ComponentTrap>(_blobs.OutgoingValueNewOutgoingValue);
            open.ForEach(each => each.Dispose());
        }
        Assert.False((await container.GetData("none", 0, 9)).IsOk); // which holds nothing
        Assert.Equal("x", await ReadAsync(container, "a", 0, 9));
    }

    [Fact]
    public async Task What_was_asked_for_stays_readable_when_the_object_is_replaced_or_deleted()
    {
        var container = await ContainerAsync("box");
        await WriteAsync(container, "greeting", new string('o', 100_000));
        var old = (await container.GetData("greeting", 0, ulong.MaxValue)).Value;
        await WriteAsync(container, "greeting", "newer");
        await container.DeleteObject("greeting");
        Assert.Equal(100_000ul, old.Size());
        using var stream = _blobs.IncomingValueIncomingValueConsumeAsync(old).Value;
        var length = 0;
        Result<ReadOnlyMemory<byte>, StreamError> read;
        while ((read = await stream.BlockingRead(30_000)).IsOk)
            length += read.Value.Length;
        Assert.Equal(100_000, length);
        Assert.IsType<StreamError.Closed>(read.Error);
    }

    [Fact]
    public async Task An_object_that_is_too_large_to_be_given_at_once_says_so()
    {
        var container = await ContainerAsync("box");
        var value = _blobs.OutgoingValueNewOutgoingValue();
        await container.WriteData("big", value);
        await FillAsync(value, 4097, finish: true);
        var read = await _blobs.IncomingValueIncomingValueConsumeSync((await container.GetData("big", 0, ulong.MaxValue)).Value);
        Assert.Contains("use incoming-value-consume-async", read.Error, StringComparison.Ordinal);
        Assert.Equal(1 << 20, (await ReadAsync(container, "big", 1, 1 << 20)).Length);
    }

    [Fact]
    public async Task Names_come_in_parts_and_say_when_they_end()
    {
        var container = await ContainerAsync("box");
        foreach (var name in new[] { "c", "a", "b" })
            await WriteAsync(container, name, name);
        using var names = (await container.ListObjects()).Value;
        var (first, firstEnds) = (await names.ReadStreamObjectNames(1)).Value;
        Assert.Equal((1ul, false), (await names.SkipStreamObjectNames(1)).Value);
        var (rest, restEnds) = (await names.ReadStreamObjectNames(ulong.MaxValue)).Value;
        Assert.Equal(("a", false, "c", true), (Assert.Single(first), firstEnds, Assert.Single(rest), restEnds));
        Assert.Equal((0ul, true), (await names.SkipStreamObjectNames(5)).Value);
    }

    [Fact]
    public async Task Objects_are_copied_moved_and_cleared()
    {
        var (from, to) = (await ContainerAsync("from"), await ContainerAsync("to"));
        await WriteAsync(from, "a", "1");
        Assert.True((await _blobs.CopyObject(new("from", "a"), new("to", "b"))).IsOk);
        Assert.True((await _blobs.MoveObject(new("from", "a"), new("from", "c"))).IsOk);
        Assert.Equal("1", await ReadAsync(to, "b", 0, 0));
        Assert.Equal("1", await ReadAsync(from, "c", 0, 0));
        Assert.Equal("There is no object a in the container.", (await from.ObjectInfo("a")).Error);
        Assert.Equal("There is no container nowhere.", (await _blobs.CopyObject(new("to", "b"), new("nowhere", "b"))).Error);
        await from.Clear();
        Assert.False((await from.HasObject("c")).Value);
    }

    [Fact]
    public async Task A_deleted_container_is_gone_for_those_who_hold_it()
    {
        var container = await ContainerAsync("box");
        Assert.Equal(("box", "box"), (container.Name().Value, (await container.Info()).Value.Name));
        await _blobs.DeleteContainer("box");
        Assert.False((await _blobs.ContainerExists("box")).Value);
        Assert.Equal("There is no container box.", (await container.Info()).Error);
        Assert.Equal("There is no container box.", (await _blobs.GetContainer("box")).Error);
        Assert.Equal("There is no container box.", (await container.WriteData("a", _blobs.OutgoingValueNewOutgoingValue())).Error);
    }

    [Fact]
    public async Task Of_several_links_the_one_that_names_the_container_is_taken()
    {
        var blobs = await _world.BlobsAsync(BlobNode.Link("rest"), BlobNode.Link("some", ("containers", "a, b")));
        await blobs.CreateContainer("a");
        await blobs.CreateContainer("c");
        Assert.Contains("different links", (await blobs.CopyObject(new("a", "x"), new("c", "x"))).Error, StringComparison.Ordinal);

        var value = blobs.OutgoingValueNewOutgoingValue();
        await FillAsync(value, expectsFailure: true); // nobody knows yet where it goes
        Assert.Contains("several links", (await FinishAsync((await blobs.GetContainer("a")).Value)).Error, StringComparison.Ordinal);

        async Task<Result<Unit, string>> FinishAsync(IContainer container)
        {
            await container.WriteData("x", value);
            return await blobs.OutgoingValueFinish(value);
        }
    }

    [Fact]
    public async Task Links_between_which_nothing_decides_are_told()
    {
        var blobs = await _world.BlobsAsync(BlobNode.Link("one"), BlobNode.Link("two"));
        Assert.StartsWith("Several links of shop-page could be for the container a", (await blobs.CreateContainer("a")).Error, StringComparison.Ordinal);
    }

    async Task<IContainer> ContainerAsync(string name) => (await _blobs.CreateContainer(name)).Value;

    /// <summary>Writes blocks of 4 KiB.</summary>
    async Task FillAsync(IOutgoingValue value, int blocks = 20, bool finish = false, bool expectsFailure = false)
    {
        using (var body = value.OutgoingValueWriteBody().Value)
        {
            var ok = true;
            for (var i = 0; i < blocks; i++)
                ok &= (await body.BlockingWriteAndFlush(new byte[4096])).IsOk;
            Assert.NotEqual(expectsFailure, ok);
        }
        if (finish)
            Assert.True((await _blobs.OutgoingValueFinish(value)).IsOk);
    }

    async Task WriteAsync(IContainer container, string name, string text)
    {
        var value = _blobs.OutgoingValueNewOutgoingValue();
        await container.WriteData(name, value);
        using (var body = value.OutgoingValueWriteBody().Value)
            for (var bytes = Encoding.UTF8.GetBytes(text).AsMemory(); !bytes.IsEmpty; bytes = bytes[Math.Min(4096, bytes.Length)..])
                await body.BlockingWriteAndFlush(bytes[..Math.Min(4096, bytes.Length)]);
        var finished = await _blobs.OutgoingValueFinish(value);
        Assert.True(finished.IsOk, finished.IsOk ? "" : finished.Error);
    }

    async Task<string> ReadAsync(IContainer container, string name, ulong start, ulong end)
    {
        var value = (await container.GetData(name, start, end)).Value;
        return Encoding.UTF8.GetString((await _blobs.IncomingValueIncomingValueConsumeSync(value)).Value.Span);
    }
}
