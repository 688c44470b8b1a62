using System.Text;
using Allotrope.Commands;
using Allotrope.Contracts;
using Allotrope.Control;
using Allotrope.DataFolder;
using Allotrope.Lattice;

namespace Allotrope.Tests.Commands;

/// <summary>The commands of zones, against a bus on which the test answers.</summary>
public sealed class ZoneCommandTests : IAsyncLifetime
{
    const string Compose = """
        name: house
        services:
          lamp: {hostname: lamp.local, labels: {o3.receive: "on,off", o3.slow: sever}, secrets: [o3_key]}
          page: {labels: [o3.dials], secrets: [o3_key]}
        secrets:
          o3_key: {file: ./o3_key.txt}
        """;

    readonly TemporaryFolder _folder = new();
    readonly InProcessLattice _lattice = new(TimeProvider.System);
    ControlServer _server = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server = ControlServer.Start(_lattice, new FolderLayout(_folder.Path).ControlSocket);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _lattice.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_compose_file_is_checked_without_a_node()
    {
        var (code, output, _) = await RunAsync("zone", "check", Write("compose.yml", Compose), "--data", _folder["nowhere"]);
        Assert.Equal(0, code);
        Assert.StartsWith("zone house: 2 services, a beat every 3 s, after 5 missed the core stops, key house", output, StringComparison.Ordinal);
        Assert.Contains("lamp.local:1122", output, StringComparison.Ordinal);
        Assert.Contains("dials the core", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_stands_for_the_compose_file_in_it()
    {
        Write("docker-compose.yml", Compose);
        Assert.Equal(0, (await RunAsync("zone", "check", _folder.Path)).Code);
    }

    [Fact]
    public async Task A_misspelt_label_is_a_usage_error_with_its_place()
    {
        var (code, _, error) = await RunAsync("zone", "check", Write("compose.yml", Compose.Replace("o3.slow", "o3.slwo", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("compose.yml:3:63; did you mean 'o3.slow'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blueprint_without_a_zone_and_a_missing_file_are_told_apart()
    {
        var app = Write("app.yaml", "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: a}\n"
            + "spec: {components: [{name: k, type: capability, properties: {image: \"builtin:keyvalue\"}}]}");
        var (code, _, error) = await RunAsync("zone", "up", app);
        Assert.Equal((2, true), (code, error.Contains("without a component of type 'zone'", StringComparison.Ordinal)));
        Assert.Equal(3, (await RunAsync("zone", "up", _folder["none.yml"])).Code);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_asked_for_before_anything_is_applied()
    {
        var (code, _, error) = await RunAsync("zone", "up", Write("compose.yml", Compose), "--key-file", _folder["o3_key.txt"]);
        Assert.Equal(3, code);
        Assert.Contains("o3_key.txt cannot be read", error, StringComparison.Ordinal);
        Assert.Contains("--key-file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_travels_to_the_node_before_the_blueprint_and_is_printed_nowhere()
    {
        var asked = new List<string>();
        ZoneKey? given = null;
        Blueprint? blueprint = null;
        await using var key = await _lattice.ServeAsync(Subjects.ZoneKeyPut, (request, _) =>
        {
            asked.Add("key");
            given = request.Payload.As(ContractsJson.Default.ZoneKey);
            return ValueTask.FromResult(new Message(""));
        }, cancellation: Stop);
        await using var ledger = await _lattice.ServeAsync(Subjects.BlueprintPut, (request, _) =>
        {
            asked.Add("blueprint");
            var signed = request.Payload.As(ContractsJson.Default.SignedBlueprint);
            Assert.True(BlueprintSignature.Verify(signed));
            blueprint = BlueprintCanonical.Read(signed.Canonical.Span);
            var receipt = new ContractReceipt("house", "1", 1, "", "created");
            return ValueTask.FromResult(new Message("", Payload.Of(receipt, ContractsJson.Default.ContractReceipt)));
        }, cancellation: Stop);
        await using var planner = await Answer(Subjects.BlueprintFollow, Payload.Of(
            new BlueprintProgress(1, new BlueprintStatus("house", "1", 1, BlueprintState.Deployed, "", [])), ContractsJson.Default.BlueprintProgress));
        await using var zones = await Answer(Subjects.ZoneStatus, Payload.Of(new ZoneStatusList([House]), ContractsJson.Default.ZoneStatusList));
        await RunAsync("key", "new", KeyFolder.UserKey);
        Write("o3_key.txt", "a very secret key\n");

        var (code, output, error) = await RunAsync("zone", "up", Write("compose.yml", Compose));

        Assert.True(code == 0, error);
        Assert.Equal(["key", "blueprint"], asked);
        Assert.Equal(("house", "a very secret key\n"), (given!.Name, Encoding.UTF8.GetString(given.Key.Span)));
        Assert.Equal(ComponentKind.Zone, Assert.Single(blueprint!.Components).Kind);
        Assert.DoesNotContain("secret", output + error + given, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_names_the_slow_artery()
    {
        await using var zones = await Answer(Subjects.ZoneStatus, Payload.Of(new ZoneStatusList([House]), ContractsJson.Default.ZoneStatusList));
        var (code, output, _) = await RunAsync("zone", "status", "house");
        var lines = output.Split('\n');
        Assert.Equal(0, code);
        Assert.Equal("zone house: stabilized, beat 12, pulse 1.3 ms, core at ws://127.0.0.1:1122/artery", lines[0]);
        Assert.Matches(@"^  lamp +open +900 us +7 +5 +2 +64 +-", lines[2]);
        Assert.Matches(@"^  page +awaited \(it dials\) +- +0 +0 +0 +0 +- *$", lines[3]);
        Assert.Equal("  lamp is slow: 64 intents wait for it and 2 intents meant for it were dropped since the core started.", lines[4]);
        Assert.Equal("  lamp: behind", lines[5]);
    }

    [Fact]
    public async Task The_status_says_in_sentences_who_has_flat_lined_missed_something_or_hears_nothing_of_its_remote()
    {
        var zone = House with
        {
            Slowest = null,
            Arteries =
            [
                new("lamp", "flat", 900, 7, 5, 1, 0, "It has missed 5 heartbeats in a row.", 40, 5),
                new("page", "open", 800, 0, 9, 3, 0, "", 45),
                new("weather", "open", 700, 3, 0, 0, 0, "", 45, 0, "https://weather.example", "stalled since noon"),
                new("door", "open", 700, 3, 0, 0, 0, "", 45, 0, "https://door.example", ArteryStatus.Well),
            ],
        };
        await using var zones = await Answer(Subjects.ZoneStatus, Payload.Of(new ZoneStatusList([zone]), ContractsJson.Default.ZoneStatusList));
        var (_, output, _) = await RunAsync("zone", "status");
        var lines = output.TrimEnd().Split('\n');
        Assert.Matches(@"^  lamp +flat-lined +- ", lines[2]); // its last pulse is of no interest any more
        Assert.Equal(
            [
                "  lamp has flat-lined: it has not answered the last 5 beats, and 1 intent meant for it was dropped.",
                "  page has missed some: 3 intents meant for it were dropped since the core started, while it was away or too slow.",
                "  weather is a satellite of https://weather.example, which is not well: stalled since noon. The zone itself does not wait for it.",
            ], lines[6..]);
    }

    [Fact]
    public async Task One_service_is_one_service()
    {
        var compose = Write("compose.yml", "services: {lamp: {secrets: [o3_key]}}");
        Assert.Contains(": 1 service, a beat", (await RunAsync("zone", "check", compose)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_that_does_not_run_is_not_found()
    {
        await using var zones = await Answer(Subjects.ZoneStatus, Payload.Of(new ZoneStatusList([]), ContractsJson.Default.ZoneStatusList));
        Assert.Equal(3, (await RunAsync("zone", "status", "house")).Code);
        Assert.Contains("No zone runs", (await RunAsync("zone", "status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_intent_is_said_with_its_data()
    {
        IntentRecord? said = null;
        await using var zones = await Answer(Subjects.ZoneStatus, Payload.Of(new ZoneStatusList([House]), ContractsJson.Default.ZoneStatusList));
        await using var core = await _lattice.ServeAsync(Subjects.IntentSend, (request, _) =>
        {
            said = request.Payload.As(ContractsJson.Default.IntentRecord);
            return ValueTask.FromResult(new Message(""));
        }, cancellation: Stop);
        Assert.Equal(0, (await RunAsync("intent", "send", "house", "on", "--data-json", """{"level":3}""")).Code);
        Assert.Equal(("house", "core", "on", """{"level":3}"""), (said!.Zone, said.Origin, said.Name, said.Data));
        Assert.Equal(2, (await RunAsync("intent", "send", "house", "on", "--data-json", "{")).Code);
    }

    [Fact]
    public async Task The_tail_shows_the_intents_asked_for()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var zones = await Answer(Subjects.ZoneStatus, Payload.Of(new ZoneStatusList([House]), ContractsJson.Default.ZoneStatusList));
        await using var output = new SignallingWriter("touch.left");
        var tail = AllotCommand.RunAsync(
            ["intent", "tail", "house", "--only", "touch.*", "--only", "on", "--data", _folder.Path], output, TextWriter.Null, stop.Token);
        // Said again until the tail listens: what nobody hears is gone.
        while (!output.Seen.IsCompleted)
        {
            foreach (var name in (string[])["off", "on", "touch.left"])
                await _lattice.PublishAsync(
                    new Message(Subjects.IntentTail("house"), Payload.Of(
                        new IntentRecord("house", "lamp", name, "true", DateTimeOffset.UnixEpoch, 7), ContractsJson.Default.IntentRecord)), Stop);
            await Task.WhenAny(output.Seen, Task.Delay(20, Stop));
        }
        await stop.CancelAsync();
        await tail;
        Assert.Contains("1970-01-01T00:00:00.000000Z lamp 7 touch.left true", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" off ", output.ToString(), StringComparison.Ordinal);
    }

    static readonly ZoneStatus House = new("house", "stabilized", "", 4, 1250, "lamp",
        [new("lamp", "open", 900, 7, 5, 2, 64, "behind"), new("page", "awaited", null, 0, 0, 0, 0, "")], 12, "ws://127.0.0.1:1122/artery");

    Task<IAsyncDisposable> Answer(string subject, Payload payload) =>
        _lattice.ServeAsync(subject, (_, _) => ValueTask.FromResult(new Message("", payload)), cancellation: Stop).AsTask();

    string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }

    async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var data = arguments.Contains("--data") ? arguments : [.. arguments, "--data", _folder.Path];
        var code = await AllotCommand.RunAsync(data, output, error, Stop);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Tells when a text has been written.</summary>
    sealed class SignallingWriter(string awaited) : StringWriter
    {
        readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(awaited, StringComparison.Ordinal) == true)
                _seen.TrySetResult();
        }
    }
}
