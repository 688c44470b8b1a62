using Allotrope.Commands;

namespace Allotrope.Tests.Commands;

/// <summary>Everything that needs no node.</summary>
public sealed class CommandLineTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_misspelt_command_is_a_usage_error()
    {
        var (code, _, error) = await RunAsync("lst");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("'lst'", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_needs_a_node_says_where_none_runs()
    {
        var (code, _, error) = await RunAsync("list", "--data", _folder.Path);
        Assert.Equal(6, code);
        Assert.Contains(_folder.Path, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_error_for_a_program_is_one_object()
    {
        var (code, _, error) = await RunAsync("list", "--data", _folder.Path, "--json");
        Assert.Equal(6, code);
        Assert.StartsWith("""{"event":"error","kind":"Unreachable",""", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stack_of_an_error_is_shown_on_request()
    {
        Assert.DoesNotContain("   at ", (await RunAsync("list", "--data", _folder.Path)).Error, StringComparison.Ordinal);
        Assert.Contains("   at ", (await RunAsync("list", "--data", _folder.Path, "--verbose")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_tells_every_exit_code()
    {
        var (code, help, _) = await RunAsync("--help");
        Assert.Equal(0, code);
        Assert.All(ExitCode.Meanings, entry => Assert.Contains($"{entry.Code}  {entry.Meaning}", help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_was_made_is_listed()
    {
        var (_, made, _) = await RunAsync("key", "new", "dev", "--data", _folder.Path, "--json");
        var (_, listed, _) = await RunAsync("key", "list", "--data", _folder.Path, "--json");
        Assert.Equal(made, listed);
        Assert.Contains("\"role\":\"account\"", made, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_beyond_the_last_is_a_usage_error() => Assert.Equal(ExitCode.Usage, (await RunAsync("up", "--http-port", "70000")).Code);

    [Fact]
    public async Task The_argument_of_a_call_is_given_once() =>
        Assert.Equal(ExitCode.Usage, (await RunAsync("call", "a", "B.C", "--json-body", "1", "--body-file", "x")).Code);

    [Fact]
    public async Task A_shell_is_told_how_a_word_goes_on()
    {
        var (_, suggestions, _) = await RunAsync("[suggest:8]", "allot st");
        Assert.Contains("status", suggestions.Split('\n'));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Every_shell_has_its_completion_script(string shell) =>
        Assert.Contains("[suggest:", (await RunAsync("completion", shell)).Output, StringComparison.Ordinal);

    [Fact]
    public async Task The_reference_in_docs_is_what_the_commands_say()
    {
        var (_, reference, _) = await RunAsync("reference");
        var written = await File.ReadAllTextAsync(Path.Combine(Root, "docs/reference/cli.md"), TestContext.Current.CancellationToken);
        Assert.True(reference == written, "docs/reference/cli.md is out of date: run ./allot reference > docs/reference/cli.md");
    }

    static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Allotrope.slnx")))
                folder = folder.Parent!;
            return folder.FullName;
        }
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = await AllotCommand.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
