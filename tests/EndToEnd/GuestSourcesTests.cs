using System.Runtime.InteropServices;
using Allotrope.Interop;

namespace Allotrope.EndToEnd;

/// <summary>The components in C that are committed are what the pinned tools make of their sources, byte for byte.</summary>
public sealed class GuestSourcesTests
{
    static readonly string Guests = Repository.PathOf("guests/components");

    public static TheoryData<string> InC() =>
        [.. Directory.EnumerateDirectories(Guests, "*-c").Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory(Explicit = true)]
    [MemberData(nameof(InC))]
    public async Task What_is_committed_is_what_the_sources_give(string name)
    {
        Assert.SkipUnless(new[] { "clang-19", "wasm-ld-19", "node", "npm" }.All(Tools.IsThere), "one of clang-19, wasm-ld-19, node and npm is not installed");
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "the packages that build components are those of one platform");
        Assert.SkipWhen(name == "command-c" && !Directory.Exists("/usr/include/wasm32-wasi"), "wasi-libc is not installed");
        var work = Directory.CreateTempSubdirectory("allotrope-guests-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Guests).Concat(Directory.EnumerateFiles(Path.Combine(Guests, name))))
            {
                var copy = Path.Combine(work.FullName, Path.GetRelativePath(Guests, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                if (Path.GetExtension(file) != ".wasm")
                    File.Copy(file, copy);
            }

            Directory.CreateSymbolicLink(Path.Combine(work.FullName, "node_modules"), await Tools.ComponentToolsAsync());
            await Tools.RunAsync("sh", ["-c", "cd \"$0\" && exec \"$1\" build.mjs \"$2\"", work.FullName, Tools.Node, name]);
            var committed = Directory.EnumerateFiles(Path.Combine(Guests, name), "*.wasm").Select(file => Path.GetFileName(file)!).ToList();
            Assert.NotEmpty(committed);
            foreach (var file in committed)
            {
                var before = await File.ReadAllBytesAsync(Path.Combine(Guests, name, file), TestContext.Current.CancellationToken);
                var now = await File.ReadAllBytesAsync(Path.Combine(work.FullName, name, file), TestContext.Current.CancellationToken);
                Assert.True(before.AsSpan().SequenceEqual(now), $"{file} is not what its sources give: build it again");
            }
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }
}
