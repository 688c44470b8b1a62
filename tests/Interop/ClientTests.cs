namespace Allotrope.Interop;

/// <summary>The TypeScript client's own tests, which node runs.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task The_clients_own_tests_pass_and_its_built_files_are_up_to_date()
    {
        var tests = Directory.GetFiles(Path.Combine(Tools.Root, "clients", "typescript", "test"), "*.test.js").Order(StringComparer.Ordinal);
        var printed = await Tools.RunAsync(
            Tools.Node, ["--test", "--test-reporter=tap", .. tests],
            ("ARTERY_DENO", await Tools.DenoAsync()), ("ARTERY_PACKAGES", await Tools.CompilerAsync()));
        Assert.Contains("# fail 0", printed, StringComparison.Ordinal);
        Assert.Contains("# skipped 0", printed, StringComparison.Ordinal);
    }
}
