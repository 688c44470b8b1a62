using Allotrope.Commands;

namespace Allotrope.Tests.Commands;

/// <summary><c>allot run</c> by its exit code and by what the guest does to files; the guest's own output goes to the process's streams.</summary>
public sealed class RunCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Guests => ["command.wasm", "command-preview1.wasm"];

    static Task<(int Code, string Error)> RunAsync(params string[] arguments) => RunAsync(TestContext.Current.CancellationToken, arguments);

    static async Task<(int Code, string Error)> RunAsync(CancellationToken stop, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = await AllotCommand.RunAsync(["run", .. arguments], output, error, stop);
        return (code, error.ToString());
    }

    static string Guest(string name) => Guest("command-c", name);

    internal static string Guest(string folder, string name)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Allotrope.slnx")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("the repository's root");
        return Path.Combine(root, "guests", "components", folder, name);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_guest_works_in_the_directory_it_is_given(string guest)
    {
        Assert.Equal((0, ""), await RunAsync(Guest(guest), "--dir", $"{_folder.Path}::/work", "--", "make", "/work/made", "write", "/work/made/file", "text"));
        Assert.Equal("text", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "made", "file"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_guest_is_given_nothing_that_was_not_named(string guest)
    {
        var file = Path.Combine(_folder.Path, "file");

        Assert.Equal(1, (await RunAsync(Guest(guest), "write", file, "text")).Code);
        Assert.Equal(1, (await RunAsync(Guest(guest), "--read-dir", $"{_folder.Path}::/work", "--", "write", "/work/file", "text")).Code);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_guest_that_is_interrupted_while_it_computes_has_not_trapped()
    {
        // (func (export "_start") (loop (br 0)))
        byte[] endless =
        [
            .. "\0asm\u0001\0\0\0\u0001\u0004\u0001`\0\0\u0003\u0002\u0001\0\u0007\u000a\u0001\u0006_start\0\0"u8,
            0x0a, 9, 1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b,
        ];
        var file = Path.Combine(_folder.Path, "endless.wasm");
        await File.WriteAllBytesAsync(file, endless, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        Assert.Equal((130, "allot: interrupted"), await RunAsync(stop.Token, file) is var (code, error) ? (code, error.Trim()) : default);
    }

    [Fact]
    public async Task The_guests_status_is_the_exit_code_and_a_trap_is_10()
    {
        Assert.Equal(42, (await RunAsync(Guest("command-preview1.wasm"), "exit", "42")).Code);
        var (code, error) = await RunAsync(Guest("command.wasm"), "trap");
        Assert.Equal(10, code);
        Assert.Contains("trapped", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_run_is_said()
    {
        Assert.Equal(3, (await RunAsync(Path.Combine(_folder.Path, "nothing.wasm"))).Code);
        Assert.Equal(3, (await RunAsync(Guest("command.wasm"), "--dir", Path.Combine(_folder.Path, "nowhere"), "--", "list", "/")).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync(Guest("command.c"))).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync(Guest("command.wasm"), "--env", "nameless")).Code);
    }
}
