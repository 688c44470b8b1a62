using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Allotrope.Components;
using Allotrope.Conformance;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;
using Allotrope.Wasm;

namespace Allotrope.Wasi.Tests.Cli;

/// <summary>One program of POSIX calls, as a module of preview 1 and as the component made of it: both behave alike.</summary>
public sealed class CommandRunTests : IDisposable
{
    const string Component = "command.wasm", Module = "command-preview1.wasm";

    readonly DirectoryInfo _world = Directory.CreateTempSubdirectory("allotrope-wasi-");

    public CommandRunTests()
    {
        Directory.CreateDirectory(Host("sub"));
        File.WriteAllText(Host("file"), "contents");
        File.WriteAllText(Path.Combine(_world.FullName, "secret"), "not for guests");
    }

    public void Dispose() => _world.Delete(recursive: true);

    string Host(string path) => Path.Combine(_world.FullName, "granted", path);

    async Task<(uint Status, string Output, string Error)> RunAsync(string guest, string input, params string[] arguments)
    {
        Pipe stdout = new(new(pauseWriterThreshold: 0)), stderr = new(new(pauseWriterThreshold: 0));
        using var state = new WasiState
        {
            Arguments = ["command", .. arguments],
            Environment = [new("NAME", "value")],
            Preopens = [new(Host(""), "/")],
            Stdin = new PipeInput(PipeReader.Create(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(input)))),
            Stdout = new PipeOutput(stdout.Writer),
            Stderr = new PipeOutput(stderr.Writer),
            Time = new ManualTime(),
            Random = new Allotrope.Kernel.SeededRandom(1),
        };
        var binary = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "guests", guest), TestContext.Current.CancellationToken);
        var status = await CommandRun.RunAsync(binary, new StoreLimits(), state, TestContext.Current.CancellationToken);
        state.Stdout.Dispose();
        state.Stderr.Dispose();
        return (status, await TextAsync(stdout), await TextAsync(stderr));
    }

    static async Task<string> TextAsync(Pipe pipe)
    {
        using var text = new StreamReader(pipe.Reader.AsStream());
        return await text.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(Module)]
    [InlineData(Component)]
    public async Task Arguments_variables_and_standard_streams_reach_the_guest(string guest)
    {
        Assert.Equal((0u, "Hello, world!\n", ""), await RunAsync(guest, ""));
        Assert.Equal("value\n", (await RunAsync(guest, "", "env", "NAME")).Output);
        Assert.Equal("said", (await RunAsync(guest, "said", "echo")).Output);
    }

    [Theory]
    [InlineData(Module)]
    [InlineData(Component)]
    public async Task A_guest_works_in_the_directories_it_was_granted(string guest)
    {
        var (status, output, error) = await RunAsync(
            guest, "", "cat", "/file", "write", "/new", "text", "append", "/new", "!", "cat", "/new", "make", "/made", "list", "/", "stat", "/sub", "rename", "/new", "/made/moved",
            "stat", "/made/moved", "link", "made/moved", "/link", "readlink", "/link", "cat", "/link", "remove", "/link");

        Assert.Equal((0u, ""), (status, error));
        Assert.Equal("contentstext!file\nmade\nnew\nsub\nfolder 0\nfile 5\nmade/moved\ntext!", output);
        Assert.Equal("text!", await File.ReadAllTextAsync(Host("made/moved"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(Module)]
    [InlineData(Component)]
    public async Task A_guest_does_not_get_out(string guest)
    {
        File.CreateSymbolicLink(Host("way"), "..");
        foreach (var path in new[] { "/../secret", "/way/secret", Path.Combine(_world.FullName, "secret"), "/sub/../../secret" })
        {
            var (status, output, error) = await RunAsync(guest, "", "cat", path);
            Assert.Equal((1u, ""), (status, output));
            Assert.NotEmpty(error);
        }
    }

    [Theory]
    [InlineData(Module)]
    [InlineData(Component)]
    public async Task The_guests_status_is_told(string guest)
    {
        Assert.Equal(0u, (await RunAsync(guest, "", "exit", "0")).Status);
        Assert.NotEqual(0u, (await RunAsync(guest, "", "exit", "3")).Status);
        await Assert.ThrowsAsync<Trap>(() => RunAsync(guest, "", "trap"));
    }

    [Theory]
    [InlineData(Module)]
    [InlineData(Component)]
    public async Task Clocks_and_randomness_are_what_the_host_gives(string guest)
    {
        Assert.StartsWith($"{new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()}.", (await RunAsync(guest, "", "time")).Output, StringComparison.Ordinal);
        Assert.Equal((await RunAsync(guest, "", "random")).Output, (await RunAsync(guest, "", "random")).Output);
    }

    [Fact]
    public void What_was_not_granted_is_refused_by_name_before_anything_runs()
    {
        var component = Allotrope.Components.Component.Compile(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "guests", Component)));
        var refusal = Assert.Throws<LinkException>(() => new WasiLinker(CommandRun.Everything & ~WasiGrants.Filesystem).Check(component));

        Assert.Contains("wasi:filesystem/", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("grant it \"filesystem\"", refusal.Message, StringComparison.Ordinal);
    }
}
