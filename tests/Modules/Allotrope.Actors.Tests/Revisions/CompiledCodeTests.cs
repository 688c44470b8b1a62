using Allotrope.Contracts;
using Allotrope.Wasm;

namespace Allotrope.Actors.Tests;

public sealed class CompiledCodeTests : IDisposable
{
    /// <summary>Once: the signature says when it was made.</summary>
    readonly byte[] _actor = Probe.Signed(revision: 1);

    readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("code").FullName, "cache");

    public CompiledCodeTests()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Compiled code is kept on Linux only.");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task A_node_that_starts_again_loads_its_actors_code()
    {
        Assert.Equal((0, 1), await RunAsync());
        Assert.Equal((1, 0), await RunAsync());
    }

    [Fact]
    public async Task Damaged_code_is_compiled_again_and_told()
    {
        await RunAsync();
        foreach (var file in Directory.GetFiles(_folder))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        var problems = new List<string>();
        Assert.Equal((0, 1), await RunAsync(problems.Add));
        Assert.Contains("made again", Assert.Single(problems));
        Assert.Equal((1, 0), await RunAsync());
    }

    /// <summary>Starts a node on the folder, has an actor answer, and gives how many modules were loaded and how many compiled.</summary>
    async Task<(long Loaded, long Compiled)> RunAsync(Action<string>? onProblem = null)
    {
        var code = new CodeCache(_folder, new CodeCacheOptions { OnProblem = onProblem });
        await using var node = await ActorNode.StartAsync(code: code);
        Assert.Equal(WorkloadState.Running, (await node.RunAsync("app", _actor)).State);
        Assert.Equal(1, await node.NumberAsync("app", "calls"));
        return (code.Hits, code.Misses);
    }
}
