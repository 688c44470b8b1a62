using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary><c>allot new</c>: what it writes builds where its tools are, and says what is missing where they are not.</summary>
public sealed class ScaffoldTests
{
    static readonly byte[] Component = [0, .. "asm"u8, 0x0D, 0, 1, 0];
    static readonly byte[] Module = [0, .. "asm"u8, 1, 0, 0, 0];

    [Theory]
    [InlineData("component", "c", "clang-19 wasm-ld-19 node npm")]
    [InlineData("component", "javascript", "node npm")]
    [InlineData("actor", "assemblyscript", "node npm")]
    public async Task A_new_folder_builds_where_its_tools_are(string kind, string language, string tools)
    {
        Assert.SkipUnless(tools.Split(' ').All(Tools.IsThere), $"one of {tools} is not installed");
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "the packages that build components are those of one platform");
        await using var world = new World();
        var folder = await NewAsync(world, kind, language);
        if (kind == "actor") // signed by whom the node would know
            (await world.AllotAsync("key", "new", "user")).Ok();
        Directory.CreateSymbolicLink(
            Path.Combine(folder, "node_modules"), kind == "actor" ? await Tools.ActorToolsAsync() : await Tools.ComponentToolsAsync());

        var (code, printed) = await BuildAsync(folder, world);
        Assert.True(code == 0, printed);
        Assert.Equal(kind == "actor" ? Module : Component, (await File.ReadAllBytesAsync(Path.Combine(folder, "build", "shop.wasm"), TestContext.Current.CancellationToken))[..8]);
    }

    [Theory]
    [InlineData("component", "c", "clang-19 is missing: apt-get install clang-19")]
    [InlineData("component", "javascript", "node is missing: install Node.js 20 or later")]
    [InlineData("component", "rust", "cargo is missing: install Rust 1.82 or later, with rustup")]
    [InlineData("actor", "assemblyscript", "node is missing: install Node.js 20 or later")]
    public async Task A_build_without_its_tools_names_what_to_install(string kind, string language, string said)
    {
        await using var world = new World();
        var (code, printed) = await BuildAsync(await NewAsync(world, kind, language), world, OnlyShell(world));
        Assert.Equal((3, said), (code, printed.TrimEnd()));
    }

    /// <summary>npm refuses to install by a lock file that leaves out what another platform would get.</summary>
    [Theory]
    [InlineData("guests")]
    [InlineData("guests/components")]
    public async Task The_lock_file_of_a_scaffold_knows_the_packages_of_every_platform(string folder)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Repository.PathOf(folder), "package-lock.json"), TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(bytes);
        var packages = document.RootElement.GetProperty("packages").EnumerateObject().ToList();
        var known = packages.Select(package => package.Name.Split("node_modules/")[^1]).ToHashSet();
        var wanted = packages.SelectMany(package => package.Value.TryGetProperty("optionalDependencies", out var optional) ? optional.EnumerateObject().Select(each => each.Name) : []);
        Assert.Empty(wanted.Where(name => !known.Contains(name)));
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_left_as_it_is()
    {
        await using var world = new World();
        var folder = await NewAsync(world, "component", "rust");
        var outcome = await RunAsync(world, "new", "component", "shop");
        Assert.Equal(5, outcome.ExitCode);
        Assert.False(File.Exists(Path.Combine(folder, "component.js")));
    }

    [Theory]
    [InlineData("component", "shop", "cobol", "There is no component in cobol: --language takes javascript, rust, c.")]
    [InlineData("actor", "shop", "c", "There is no actor in c: --language takes assemblyscript.")]
    [InlineData("component", "../shop", "c", "../shop is no name for a component")]
    [InlineData("component", "Shop", "c", "Shop is no name for a component")]
    public async Task What_cannot_be_is_told_in_a_sentence(string kind, string name, string language, string said)
    {
        await using var world = new World();
        var outcome = await RunAsync(world, "new", kind, name, "--language", language);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    static async Task<string> NewAsync(World world, string kind, string language)
    {
        var outcome = await RunAsync(world, "new", kind, "shop", "--language", language);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("Build and run it, again whenever a file changes: `allot dev shop`", outcome.Output, StringComparison.Ordinal);
        return world["shop"];
    }

    static Task<Outcome> RunAsync(World world, params string[] arguments) =>
        Outcome.OfAsync([.. arguments, "--data", world.Data], Path.GetDirectoryName(world.Data)!);

    static async Task<(int Code, string Printed)> BuildAsync(string folder, World world, string? path = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["build.sh"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["ALLOT"] = Path.Combine(Path.GetDirectoryName(Repository.Program)!, "allot");
        start.Environment["ALLOT_DATA"] = world.Data;
        start.Environment["PATH"] = path ?? start.Environment["PATH"];
        using var build = Process.Start(start)!;
        var printed = await Task.WhenAll(build.StandardOutput.ReadToEndAsync(), build.StandardError.ReadToEndAsync());
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (build.ExitCode, string.Concat(printed));
    }

    /// <summary>A PATH on which nothing is but what any machine has.</summary>
    static string OnlyShell(World world)
    {
        var folder = Directory.CreateDirectory(world["path"]).FullName;
        foreach (var name in new[] { "sh", "dirname", "mkdir", "cp", "mv" })
            File.CreateSymbolicLink(Path.Combine(folder, name), $"/usr/bin/{name}");
        return folder;
    }
}
