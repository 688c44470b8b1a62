using System.Diagnostics.CodeAnalysis;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>Whether there are guard pages is tried once and then known. This program runs its tests of faults again, with a cache of its own.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "there are guard pages on Linux only")]
public sealed class ProbeTests : IDisposable
{
    readonly string _cache;

    public ProbeTests()
    {
        _ = Guarded.Options;
        _cache = Directory.CreateTempSubdirectory("allotrope-").FullName;
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    string Answers => Path.Combine(_cache, "allotrope", "guard-pages");

    string Answer => Assert.Single(Directory.GetFiles(Answers));

    [Fact]
    public async Task What_a_trial_showed_is_kept_and_obeyed()
    {
        Assert.Contains("Skipped: 0,", await RunAsync());
        Assert.Equal("yes", File.ReadAllText(Answer));
        File.WriteAllText(Answer, "no");
        Assert.DoesNotContain("Skipped: 0,", await RunAsync());
        Assert.Equal("no", File.ReadAllText(Answer));
    }

    [Fact]
    public async Task An_answer_that_others_could_have_written_does_not_count()
    {
        Assert.Contains("Skipped: 0,", await RunAsync());
        File.WriteAllText(Answer, "no");
        File.SetUnixFileMode(Answer, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Contains("Skipped: 0,", await RunAsync());
        Assert.Equal("yes", File.ReadAllText(Answer)); // a new file, as it was tried again
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Answer));
    }

    [Fact]
    public async Task In_a_folder_that_others_may_write_to_nothing_is_kept()
    {
        Directory.CreateDirectory(Answers);
        File.SetUnixFileMode(Answers, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);
        Assert.Contains("Skipped: 0,", await RunAsync());
        Assert.Empty(Directory.GetFiles(Answers));
    }

    async Task<string> RunAsync() =>
        (await OwnProcess.RunClassesAsync([nameof(FaultTests)], new Dictionary<string, string> { ["XDG_CACHE_HOME"] = _cache })).Output;
}
