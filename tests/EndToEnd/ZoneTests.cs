using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Allotrope.EndToEnd;

/// <summary>A compose file's zone on a running node, by the command line alone.</summary>
public class ZoneTests
{
    const string Compose = """
        name: house
        services:
          core: {image: ozone-core, labels: [o3.core], secrets: [o3_key]}
          lamp: {image: lamp, labels: [o3.dials, "o3.receive=on,off"], secrets: [o3_key]}
          page: {image: page, labels: {o3.dials: true, o3.emit: "on,off"}, secrets: [{source: o3_key}]}
        secrets:
          o3_key: {file: ./o3_key.txt}
        """;

    [Fact]
    public async Task A_zone_goes_up_is_spoken_in_and_goes_down()
    {
        await using var world = new World();
        await world.UpAsync();
        world.Write("o3_key.txt", "a very secret key\n");
        var compose = world.Write("compose.yml", Compose);

        var up = (await world.AllotAsync("zone", "up", compose)).Ok();
        Assert.Contains("house created and running", Words(up), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", up, StringComparison.Ordinal);

        var status = JsonDocument.Parse((await world.AllotAsync("zone", "status", "house", "--json")).Ok()).RootElement;
        Assert.Equal("running", status.GetProperty("core").GetString());
        Assert.Equal(["lamp", "page"], status.GetProperty("arteries").EnumerateArray().Select(artery => artery.GetProperty("service").GetString()).Order());
        Assert.All(status.GetProperty("arteries").EnumerateArray(), artery => Assert.Equal("awaited", artery.GetProperty("connection").GetString()));
        (await world.AllotAsync("intent", "send", "house", "on", "--data-json", "{\"level\":3}")).Ok();
        (await world.AllotAsync("intent", "send", "house", "HEARTBEAT")).Fails(2, "HEARTBEAT");

        (await world.AllotAsync("zone", "down", compose)).Ok();
        Assert.Contains("No zone runs", (await world.AllotAsync("zone", "status")).Ok(), StringComparison.Ordinal);
        (await world.AllotAsync("intent", "send", "house", "on")).Fails(3, "house");
    }

    [Fact]
    public async Task The_key_is_kept_for_the_owner_alone_and_a_zone_comes_back_with_its_node()
    {
        await using var world = new World();
        var node = await world.UpAsync();
        var key = world.Write("elsewhere.txt", "a very secret key\n");
        (await world.AllotAsync("zone", "up", world.Write("compose.yml", Compose), "--key-file", key)).Ok();
        await node.StopAsync();

        var kept = Assert.Single(Directory.GetFiles(Path.Combine(world.Data, "zones")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        await world.UpAsync();
        Assert.Contains("zone house: running", (await world.AllotAsync("zone", "status")).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_runs_elsewhere_and_flat_lines_is_said_to_be_started_there()
    {
        await using var world = new World();
        await world.UpAsync();
        world.Write("o3_key.txt", "a very secret key\n");
        (await world.AllotAsync("zone", "up", world.Write("compose.yml", """
            name: house
            services:
              core: {labels: {o3.core: true, o3.heartbeat: 100ms, o3.missed: 2, o3.onFlatline: restart}, secrets: [o3_key]}
              lamp: {hostname: 127.0.0.1, labels: {o3.port: 1}, secrets: [o3_key]}
            secrets:
              o3_key: {file: ./o3_key.txt}
            """))).Ok();
        string status;
        do
            status = Words((await world.AllotAsync("zone", "status", "house")).Ok());
        while (!status.Contains("not started again", StringComparison.Ordinal));
        Assert.Contains("lamp of zone house is none of the actors that run here: start it again where it runs.", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_is_archived_shown_by_replay_and_said_again_only_when_asked()
    {
        await using var world = new World();
        var node = await world.UpAsync();
        world.Write("o3_key.txt", "a very secret key\n");
        (await world.AllotAsync("zone", "up", world.Write("compose.yml", Compose.Replace("[o3.core]", "{o3.core: true, o3.archive: 1Mi}", StringComparison.Ordinal)))).Ok();
        (await world.AllotAsync("intent", "send", "house", "on", "--data-json", "{\"level\":3}")).Ok();
        await node.StopAsync(); // closes the file
        var file = Assert.Single(Directory.GetFiles(Path.Combine(world.Data, "intents", "house")));
        Assert.Contains("core 1 on {\"level\":3}", (await world.AllotAsync("intent", "replay", file)).Ok(), StringComparison.Ordinal);
        Assert.DoesNotContain("core 1 on", (await world.AllotAsync("intent", "replay", file, "--only", "off")).Ok(), StringComparison.Ordinal);
        await world.UpAsync();
        Assert.Contains("1 intents said again in house as core", (await world.AllotAsync("intent", "replay", file, "--into", "house")).Ok(), StringComparison.Ordinal);
        (await world.AllotAsync("intent", "replay", file + "x")).Fails(3, "cannot be read");
    }

    [Fact]
    public async Task A_second_zone_of_one_name_is_refused()
    {
        await using var world = new World();
        await world.UpAsync();
        var key = world.Write("o3_key.txt", "a very secret key\n");
        (await world.AllotAsync("zone", "up", world.Write("compose.yml", Compose))).Ok();
        var blueprint = world.Write("app.yaml", """
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: other}
            spec: {components: [{name: house, type: zone, properties: {services: [{name: a}]}}]}
            """);
        (await world.AllotAsync("zone", "up", blueprint, "--key-file", key)).Fails(5, "house");
    }

    [Fact]
    public async Task A_folder_stands_for_its_zone_and_a_zone_that_is_not_there_is_told()
    {
        await using var world = new World();
        await world.UpAsync();
        world.Write("compose.yml", Compose);
        var folder = world[""];
        Assert.Contains("made a new key", (await world.AllotAsync("zone", "up", folder)).Ok(), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(world["o3_key.txt"]));
        Assert.Contains("on said in house", (await world.AllotAsync("intent", "send", folder, "on")).Ok(), StringComparison.Ordinal);
        Assert.Contains("lamp     awaited (it dials)", (await world.AllotAsync("zone", "status", folder)).Ok(), StringComparison.Ordinal);
        (await world.AllotAsync("intent", "tail", "hose")).Fails(3, "hose");
        (await world.AllotAsync("apply", folder)).Fails(2, "allot zone up");
        (await world.AllotAsync("zone", "down", folder)).Ok();
    }

    [Fact]
    public async Task A_zone_of_a_larger_blueprint_is_not_taken_down_alone()
    {
        await using var world = new World();
        var key = world.Write("o3_key.txt", "a very secret key\n");
        await world.UpAsync();
        var blueprint = world.Write("app.yaml", """
            apiVersion: core.oam.dev/v1beta1
            kind: Application
            metadata: {name: lab}
            spec: {components: [{name: robot, type: zone, properties: {services: [{name: a}]}}]}
            """);
        (await world.AllotAsync("zone", "up", blueprint, "--key-file", key)).Ok();
        (await world.AllotAsync("zone", "down", "robot")).Fails(2, "lab-robot", "allot delete");
        (await world.AllotAsync("zone", "down", blueprint)).Ok();
    }

    [Fact]
    public async Task Every_error_of_a_compose_file_is_told_with_its_place_and_to_programs_too()
    {
        await using var world = new World();
        var compose = world.Write("compose.yml", """
            services:
              a: {image: x, labels: {o3.recieve: "on", o3.queue: many}, secrets: [o3_key]}
            """);
        var people = await world.AllotAsync("zone", "check", compose);
        Assert.Equal((2, 2), (people.ExitCode, people.Error.TrimEnd().Split('\n').Length));
        Assert.Contains($"unknown label 'o3.recieve' at {compose}:2:26; did you mean 'o3.receive'?", people.Error, StringComparison.Ordinal);
        var programs = JsonDocument.Parse((await world.AllotAsync("zone", "check", compose, "--json")).Error).RootElement;
        Assert.Contains("o3.queue 'many'", Assert.Single(programs.GetProperty("more").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_core_listens_where_the_operator_says_and_by_TLS_when_there_is_a_certificate()
    {
        await using var world = new World();
        world.Write("o3_key.txt", "a very secret key\n");
        var wrong = await world.AllotAsync("up", "--artery-certificate", world["o3_key.txt"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("is no certificate with its private key", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await world.AllotAsync("up", "--artery-certificate", world["none.pem"])).ExitCode);
        Assert.Equal(2, (await world.AllotAsync("up", "--artery-address", "everywhere")).ExitCode);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=site", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var pem = world.Write("site.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        await world.UpAsync("--artery-address", "127.0.0.2", "--artery-certificate", pem);
        Assert.Contains("core at wss://127.0.0.2:", (await world.AllotAsync("zone", "up", world.Write("compose.yml", Compose))).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence()
    {
        await using var world = new World();
        var port = World.FreePort();
        using var taken = new TcpListener(IPAddress.Loopback, port);
        taken.Start();
        var refused = await world.AllotAsync("up", world.Write("compose.yml", Compose), "--http-port", "0", "--artery-port", $"{port}");
        Assert.Equal(5, refused.ExitCode);
        Assert.Contains($"port {port} on 127.0.0.1 is already in use", Assert.Single(refused.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_key_is_changing_the_command_says_how_that_ends()
    {
        await using var world = new World();
        await world.UpAsync();
        var compose = world.Write("compose.yml", Compose);
        world.Write("o3_key.txt", "a very secret key\n");
        Assert.DoesNotContain("is changing", (await world.AllotAsync("zone", "up", compose)).Ok(), StringComparison.Ordinal);
        world.Write("o3_key.txt", "another secret key\n");
        var previous = Path.Combine(world.Data, "zones", "house.previous.key");
        Assert.Contains($"delete {previous} once", (await world.AllotAsync("zone", "up", compose)).Ok(), StringComparison.Ordinal);
        File.Delete(previous);
        Assert.DoesNotContain("is changing", (await world.AllotAsync("zone", "up", compose)).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_end_is_no_compose_file_and_no_key()
    {
        await using var world = new World();
        var endless = await world.AllotAsync("zone", "check", "/dev/zero");
        Assert.Equal(2, endless.ExitCode);
        Assert.Contains("/dev/zero has more than", endless.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await world.AllotAsync("zone", "up", world.Write("compose.yml", Compose), "--key-file", "/dev/zero")).ExitCode);
    }

    [Fact]
    public async Task Without_a_node_no_key_is_made()
    {
        await using var world = new World();
        Assert.Equal(6, (await world.AllotAsync("zone", "up", world.Write("compose.yml", Compose))).ExitCode);
        Assert.False(File.Exists(world["o3_key.txt"]));
    }

    [Fact]
    public async Task Commands_are_told_of_the_key_that_the_command_line_names()
    {
        await using var world = new World();
        await world.UpAsync();
        var key = world.Write("elsewhere.txt", "a very secret key\n");
        var compose = world.Write("compose.yaml", """
            name: keyed
            services:
              teller: {command: 'echo "$O3_KEY_FILE" > told.new && mv told.new told; sleep 600', labels: {o3.dials: true}, secrets: [o3_key]}
            """);
        await using var running = RunningNode.Start(["zone", "up", compose, "--run", "--key-file", key, "--data", world.Data, "--json"]);
        var limit = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (!File.Exists(world["told"]))
        {
            Assert.True(DateTime.UtcNow < limit, "The command was not started.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Equal(key, File.ReadAllText(world["told"]).Trim());
        await running.StopAsync();
    }

    [Fact]
    public async Task Commands_of_a_compose_file_run_as_processes_are_started_again_and_end_with_the_node()
    {
        await using var world = new World();
        world.Write("compose.yaml", """
            name: odd
            services:
              teller: {command: ["sh", "-c", "echo $WORD $O3_ZONE $O3_SERVICE $O3_CORE; echo $$ >> pids; sleep 0.1"], environment: {WORD: hello}}
              member: {image: x, labels: {o3.dials: true}, secrets: [o3_key]}
            secrets:
              o3_key: {file: ./o3_key.txt}
            """);
        var node = await world.UpAsync(world[""], "--run");
        var limit = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (!File.Exists(world["pids"]) || File.ReadAllLines(world["pids"]).Length < 2)
        {
            Assert.True(DateTime.UtcNow < limit, "The command was not started again.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Equal("hello", node.Said("teller", "hello").Trim()); // of no zone: it is told nothing of one
        Assert.Contains("started again", node.Said("teller", "has ended"), StringComparison.Ordinal);
        var outcome = await node.StopAsync();
        Assert.Contains("service member of ", outcome.Error, StringComparison.Ordinal);
        Assert.All(File.ReadAllLines(world["pids"]), pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }

    static string Words(string output) => System.Text.RegularExpressions.Regex.Replace(output, " [0-9.v]+ ", " ");
}
