namespace Allotrope.Artery.Client.Tests;

public class InvokeTests
{
    readonly FakeCore _core = new();

    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    static Invocation.Request Call(long id, string method, string? key = null) =>
        new(id, "lamp", "button", method, key, ArteryData.FromInt64(20).Cbor, TimeSpan.FromSeconds(5));

    [Fact]
    public async Task An_invocation_gets_its_answer_or_its_error()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        Assert.Equal("hello", (await service.InvokeAsync("heater", "echo", "hello", cancellation: Soon)).ToText());
        var error = await Assert.ThrowsAsync<InvokeException>(() => service.InvokeAsync("heater", "fail", cancellation: Soon));
        Assert.Equal(InvocationCode.Refused, error.Code);
    }

    [Fact]
    public async Task Without_an_answer_an_invocation_times_out()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var error = await Assert.ThrowsAsync<InvokeException>(() => service.InvokeAsync("heater", "wait", timeOut: TimeSpan.FromMilliseconds(1)));
        Assert.Equal(InvocationCode.TimedOut, error.Code);
    }

    [Fact]
    public async Task A_broken_artery_fails_a_plain_invocation_and_repeats_one_with_a_key()
    {
        await using var service = new ArteryService(_core.Options);
        await service.StartAsync(Soon);
        var plain = service.InvokeAsync("heater", "plain");
        var keyed = service.InvokeAsync("heater", "keyed", key: "k", timeOut: TimeSpan.FromSeconds(30));
        Assert.Equal("call heater plain ", await _core.NextAsync());
        Assert.Equal("call heater keyed k", await _core.NextAsync());
        await (await _core.LinkAsync()).CloseAsync(CloseCode.Stopping, "");
        Assert.Equal(InvocationCode.Unreachable, (await Assert.ThrowsAsync<InvokeException>(() => plain)).Code);
        Assert.Equal("call heater keyed k", await _core.NextAsync());
        FakeCore.Invoke(await _core.LinkAsync(), new Invocation.Result(2, ArteryData.FromBoolean(true).Cbor));
        Assert.True((await keyed.WaitAsync(Soon)).ToBoolean());
    }

    [Fact]
    public async Task A_handler_answers_and_a_repeated_key_gets_the_first_answer()
    {
        var runs = 0L;
        await using var service = new ArteryService(_core.Options);
        service.Handle("add", call => call.Data.ToInt64() + Interlocked.Increment(ref runs));
        service.Handle("no", (Func<ReceivedCall, ArteryData>)(_ => throw new InvokeException(InvocationCode.Refused, "no")));
        await service.StartAsync(Soon);
        var link = await _core.LinkAsync();
        string[] expected = ["result 1 21", "result 2 21", "result 3 22", "error 4 refused", "error 5 unknown-method"];
        Invocation.Request[] calls = [Call(1, "add", "k"), Call(2, "add", "k"), Call(3, "add"), Call(4, "no"), Call(5, "other")];
        foreach (var (call, answer) in calls.Zip(expected))
        {
            FakeCore.Invoke(link, call);
            Assert.Equal(answer, await _core.NextAsync());
        }
    }

    [Fact]
    public async Task Disposing_waits_for_a_handler_that_runs()
    {
        var service = new ArteryService(_core.Options);
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Handle("slow", async _ =>
        {
            began.SetResult();
            await mayEnd.Task;
            return true;
        });
        await service.StartAsync(Soon);
        FakeCore.Invoke(await _core.LinkAsync(), Call(1, "slow"));
        await began.Task.WaitAsync(Soon);
        var disposing = service.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        mayEnd.SetResult();
        await disposing.WaitAsync(Soon);
    }
}
