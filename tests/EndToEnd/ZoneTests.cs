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

    static string Words(string output) => System.Text.RegularExpressions.Regex.Replace(output, " [0-9.v]+ ", " ");
}
