using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Allotrope.Contracts;
using Allotrope.Kernel;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

public class FailureTests
{
    const string Secret = "stack of guest frames";

    public static TheoryData<Fault, int> Faults => new()
    {
        { new Fault.Failed(Secret), 502 },
        { new Fault.Refused(Secret), 502 },
        { new Fault.Exhausted(Secret), 503 },
        { new Fault.Unreachable(Secret), 503 },
        { new Fault.TimedOut(Secret), 504 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_on_the_way_has_its_status_and_names_the_hop_without_the_inside(Fault fault, int status)
    {
        var (world, address) = await StartAsync(_ => throw new FaultException(fault));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.Equal("gateway -> app-actor", problem.GetProperty("hop").GetString());
        Assert.NotEmpty(problem.GetProperty("next").GetString()!);
        Assert.DoesNotContain(Secret, problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_is_not_running_is_503_and_the_client_is_told_to_retry()
    {
        await using var world = await StartAsync();
        var address = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("app-actor is not running", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_gives_up_is_no_success()
    {
        var (world, address) = await StartAsync(_ => throw new OperationCanceledException(Secret));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        Assert.InRange((int)answer.StatusCode, 500, 504);
        Assert.Contains("hop", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_reports_an_error_is_502()
    {
        var (world, address) = await StartAsync(_ => new InvocationResult(default, Secret));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.DoesNotContain(Secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_never_answers_is_504()
    {
        await using var world = await StartAsync(new GatewayOptions { CallTime = TimeSpan.FromMilliseconds(100) });
        var never = new TaskCompletionSource<InvocationResult>();
        await world.ServeAsync("app-actor", (_, cancellation) => new(never.Task.WaitAsync(cancellation)));
        var address = (await world.AssignAsync("app-http", Link("app-actor"))).Urls[0];

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        never.SetCanceled();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(199)]
    [InlineData(600)]
    [InlineData(-1)]
    public async Task A_status_that_ends_no_request_is_502(int status)
    {
        var (world, address) = await StartAsync(_ => ActorAnswer.Of(status, []));
        await using var _ = world;

        using var answer = await world.Client.GetAsync(address);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task Whatever_bytes_an_actor_answers_the_client_gets_an_answer()
    {
        var bytes = Array.Empty<byte>();
        var (world, address) = await StartAsync(_ => new InvocationResult(bytes));
        await using var _ = world;
        var good = ActorAnswer.Of(200, "body"u8.ToArray(), ("x-a", ["1"]), ("x-b", ["1", "2"])).Body.ToArray();

        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            bytes = [.. good.Take(seed % 2 == 0 ? random.Next(good.Length) : good.Length)];
            for (var flips = seed % 4; flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var answer = await world.Client.GetAsync(address);
            Assert.True((int)answer.StatusCode is >= 200 and <= 599, $"seed {seed}");
        }
    }
}
