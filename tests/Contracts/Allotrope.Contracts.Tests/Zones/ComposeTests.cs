using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public class ComposeTests
{
    public static TheoryData<string> Same =>
        [.. Directory.GetFiles(Path.Combine(Folder(), "Same")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Same))]
    public void Five_ways_to_write_a_compose_file_are_one_zone(string file)
    {
        var read = ComposeReader.Read(File.ReadAllBytes(Path.Combine(Folder(), "Same", file)), file, folder: "House.");
        var zone = Assert.Single(read.Zones);
        Assert.Equal(JsonSerializer.Serialize(House), JsonSerializer.Serialize(zone));
        Assert.Equal("./o3_key.txt", read.KeyFile);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void Every_label_is_understood()
    {
        var zone = Assert.Single(Read("""
            name: robot
            services:
              core: {labels: {o3.core: true, o3.heartbeat: 500ms, o3.missed: 2, o3.onFlatline: zombie, o3.stabilized: false, o3.archive: 64Mi}, secrets: [o3_key]}
              arm:
                labels:
                  - o3.receive=move, grip.*
                  - o3.emit=moved
                  - o3.backlog=beat
                  - o3.required=false
                  - o3.queue=16
                  - o3.slow=coalesce
                  - o3.ordered=move
                  - o3.satellite=https://arm.example/api
                  - o3.legacy=true
                  - o3.port=1123
                  - o3.rate=5000000
                  - o3.tls
                secrets: [o3_key]
              page: {labels: {o3.dials: true}, secrets: [o3_key]}
            """).Zones);
        Assert.Equal(("robot", TimeSpan.FromMilliseconds(500), 2, false, FlatlinePolicy.Zombie, "robot"),
            (zone.Zone, zone.Heartbeat, zone.Missed, zone.Stabilized, zone.OnFlatline, zone.Key));
        Assert.Equal(
            JsonSerializer.Serialize(new ZoneService(
                "arm", "arm", 1123, ["move", "grip.*"], ["moved"], Backlog: true, Required: false, 16, SlowPolicy.Coalesce, ["move"],
                "https://arm.example/api", Legacy: true) { Rate = 5_000_000, Tls = true }),
            JsonSerializer.Serialize(zone.Services[0]));
        Assert.Equal(64, zone.Archive);
        Assert.Equal((null, false), (zone.Services[1].Host, zone.Services[1].Required));
    }

    [Fact]
    public void The_examples_of_the_guide_and_the_samples_are_good()
    {
        var guide = File.ReadAllText(Path.Combine(Folder(), "../../../../../docs/guide/zones.md"));
        string Between(string begin, string end) => guide.Split(begin)[1].Split(end)[0];
        Assert.Equal(["sensor", "lamp", "page"], Assert.Single(Read(Between("<<EOF\n", "EOF\n")).Zones).Services.Select(service => service.Name));
        Assert.Empty(Manifest.ReadText(Between("```yaml\n", "```")).Warnings);
        foreach (var sample in Directory.GetFiles(Path.Combine(Folder(), "../../../../../samples"), "compose.yaml", SearchOption.AllDirectories))
            Assert.Empty(Read(File.ReadAllText(sample)).Warnings);
    }

    [Fact]
    public void Commands_and_environments_are_kept_for_who_starts_the_services()
    {
        var read = Read("""
            name: site
            services:
              listed: {command: [node, lamp.js, 7], environment: [A=1=2, B], secrets: [o3_key]}
              told: {command: "echo $A | cat", environment: {A: 5, B: }, labels: {o3.zone: east}, secrets: [o3_key]}
              outside: {command: [remote]}
              image: {image: lamp, secrets: [o3_key]}
              core: {command: [ozone], labels: [o3.core]}
            """);
        Assert.Equal(
            [
                ("listed", "site", "node lamp.js 7", "A=1=2"), ("told", "east", "/bin/sh -c echo $A | cat", "A=5"), ("outside", null, "remote", ""),
            ],
            read.Programs.Select(program => (
                program.Service, program.Zone, string.Join(' ', program.Command), string.Join(' ', program.Environment.Select(pair => $"{pair.Key}={pair.Value}")))));
        Assert.Equal(["image"], read.WithoutProgram);
    }

    [Fact]
    public void Services_of_different_zones_share_one_file()
    {
        var read = Read("""
            name: site
            services:
              a: {labels: {o3.zone: east}, secrets: [o3_key]}
              b: {labels: {o3.zone: west, o3.missed: 3}, secrets: [o3_key]}
              c: {secrets: [o3_key]}
            """);
        Assert.Equal([("east", "a", 5), ("west", "b", 3), ("site", "c", 5)],
            read.Zones.Select(zone => (zone.Zone, Assert.Single(zone.Services).Name, zone.Missed)));
    }

    [Theory]
    [InlineData("o3.recieve: x", "unknown label 'o3.recieve' at c.yml:3:35; did you mean 'o3.receive'?")]
    [InlineData("o3.onflatlin: stop", "unknown label 'o3.onflatlin' at c.yml:3:35; did you mean 'o3.onFlatline'?")]
    [InlineData("o3.slow: coalesc", "o3.slow 'coalesc' at c.yml:3:35; did you mean 'coalesce'?")]
    [InlineData("o3.queue: 0", "o3.queue '0' at c.yml:3:35; expected a whole number from 1 to 65536")]
    [InlineData("o3.rate: 3M", "o3.rate '3M' at c.yml:3:35; expected a whole number from 1 to 100000000")]
    [InlineData("o3.archive: 64", "o3.archive '64' at c.yml:3:35; expected 1Mi to 64Gi, such as 64Mi")]
    [InlineData("o3.heartbeat: 5ms", "o3.heartbeat '5ms' at c.yml:3:35; expected whole ms, s or m from 100ms to 60s, such as 3s")]
    [InlineData("o3.required: maybe", "o3.required 'maybe' at c.yml:3:35; expected 'true' or 'false'")]
    [InlineData("o3.emit: a b", "o3.emit 'a b' at c.yml:3:35; expected names of intents")]
    [InlineData("o3.receive: [a]", "label o3.receive with a list at c.yml:3:47; a label is one text")]
    public void A_label_that_is_wrong_is_told_with_its_place(string label, string message) =>
        Assert.StartsWith(message, Refused($"name: z\nservices:\n  a: {{secrets: [o3_key], labels: {{{label}}}}}").Message);

    [Fact]
    public void Of_very_many_errors_those_that_are_not_listed_are_counted()
    {
        var fault = Refused("services:\n" + string.Concat(Enumerable.Range(1, 120).Select(i => $"  s{i}: {{secrets: [o3_key], labels: [o3.x{i}]}}\n")));
        Assert.Equal("and 70 more that are not listed; mend these first", fault.More[^1]);
    }

    [Fact]
    public void Two_services_that_disagree_about_their_zone_are_refused() =>
        Assert.Equal("o3.missed '4' at c.yml:4:35; the zone's missed is '3' at c.yml:3:35 already; say it once", Refused("""
            name: z
            services:
              a: {secrets: [o3_key], labels: {o3.missed: 3}}
              b: {secrets: [o3_key], labels: {o3.missed: 4}}
            """).Message);

    [Fact]
    public void Another_engine_is_refused_by_name()
    {
        Assert.Equal("service engine 'k8s' at c.yml:1:9; the only one there is is 'compose'; write the zone as a blueprint component of type 'zone' otherwise",
            Refused("engine: k8s\nservices: {a: {secrets: [o3_key]}}").Message);
        var error = Assert.Throws<FaultException>(() => ComposeReader.Read("services: {}"u8, "c.yml", "c", engine: "k8s"));
        Assert.Contains("service engine 'k8s'", error.Message);
    }

    [Theory]
    [InlineData("services: {a: {image: x}}", "no service of a zone at c.yml:1:1; a service becomes one by holding the secret 'o3_key'")]
    [InlineData("[1]", "a list at c.yml:1:1; a compose file is a mapping with 'services'")]
    [InlineData("name: x", "no 'services' at c.yml:1:1")]
    [InlineData("services: [a]", "no 'services' at c.yml:1:11")]
    [InlineData("services: {a: b}", "service 'a' that is 'b' at c.yml:1:15; a service is a mapping")]
    [InlineData("services: {a: {hostname: \"${HOST}\", secrets: [o3_key]}}", "host '${HOST}' of service 'a' at c.yml:1:26; a host is a name")]
    [InlineData("services: {core: {secrets: [o3_key]}}", "a service named 'core' at c.yml:1:12; the zone's core goes by that name")]
    [InlineData("services: {a: *b}", "alias '*b' at c.yml:1:15; nothing before it is named '&b'")]
    [InlineData("a: &a [*a]", "alias '*a' at c.yml:1:8; nothing before it is named '&a'")]
    [InlineData("services: {a: {secrets: [o3_key], labels: [o3.emit: x]}}", "a mapping in a list of labels at c.yml:1:44; in a list a label is written 'o3.emit=distance'")]
    [InlineData("services: {a: {secrets: [o3_key], labels: o3.dials}}", "labels that are 'o3.dials' at c.yml:1:43; labels are a list")]
    [InlineData("services: {a: {secrets: o3_key}}", "secrets that are 'o3_key' at c.yml:1:25; a service's secrets are a list, such as [o3_key]")]
    [InlineData("services: {a: {secrets: {o3_key: {}}}}", "secrets that are a mapping at c.yml:1:25; a service's secrets are a list")]
    public void What_is_no_zone_says_why(string yaml, string message) => Assert.StartsWith(message, Refused(yaml).Message);

    [Fact]
    public void Labels_without_the_secret_are_a_warning()
    {
        var read = Read("services: {a: {secrets: [o3_key]}, b: {labels: [o3.emit=x]}}");
        Assert.Equal("service 'b' has labels of a zone and is in none at c.yml:1:36; give it the secret 'o3_key'", Assert.Single(read.Warnings).ToString());
    }

    [Fact]
    public void Aliases_upon_aliases_cost_no_more_than_their_text()
    {
        var lines = string.Concat(Enumerable.Range(1, 3000).Select(i => $"x{i}: &x{i} {{<<: [*x{i - 1}, *x{i - 1}]}}\n"));
        Assert.Single(Read($"x0: &x0 {{secrets: [o3_key]}}\n{lines}services: {{a: *x3000}}").Zones);
    }

    [Fact]
    public void Mutilated_files_are_refused_and_break_nothing()
    {
        var original = File.ReadAllBytes(Path.Combine(Folder(), "Same", "4-aliases.yml"));
        for (var seed = 0; seed < 2000; seed++)
        {
            var (random, bytes) = (new Random(seed), original.ToArray());
            for (var i = random.Next(1, 8); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var cut = bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
            if (Xunit.Record.Exception(() => ComposeReader.Read(cut.Span, "c.yml", "house")) is { } error)
                Assert.IsType<Fault.Invalid>(Assert.IsType<FaultException>(error).Fault);
        }
    }

    static readonly ZoneManifest House = new(
        "house", TimeSpan.FromSeconds(3), Missed: 5, Stabilized: true, FlatlinePolicy.Stop, "house",
        [Limb("service-a", "limb-a"), Limb("service-b", "limb-b"), Limb("service-c", "service-c")]);

    static ZoneService Limb(string name, string host) =>
        new(name, host, 1122, [], [], Backlog: false, Required: true, 1024, SlowPolicy.DropOldest, [], null, Legacy: false);

    static ComposeZones Read(string yaml) => ComposeReader.Read(Encoding.UTF8.GetBytes(yaml), "c.yml", "c");

    static Fault.Invalid Refused(string yaml) => Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Read(yaml)).Fault);

    static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Manifests");
}
