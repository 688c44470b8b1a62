using Allotrope.Conformance;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class ArtifactStoreTests : IDisposable
{
    static readonly byte[] Content = "not a module, but an artifact"u8.ToArray();

    readonly string _folder = Directory.CreateTempSubdirectory("artifacts").FullName;
    readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_put_is_read_back_under_its_digest()
    {
        var digest = await _store.PutAsync(Content);

        Assert.Equal(ArtifactStore.Digest(Content), digest);
        Assert.True(await _store.HasAsync(digest));
        Assert.Equal(Content, await _store.ReadAsync(digest));
    }

    [Fact]
    public async Task It_survives_a_restart_in_the_documented_place()
    {
        var digest = await _store.PutAsync(Content);

        Assert.Equal(Content, await new ArtifactStore(_folder).ReadAsync(digest));
        Assert.Equal([Path.Combine(_folder, "sha256", digest["sha256:".Length..])], Files());
    }

    [Fact]
    public async Task What_a_node_left_half_written_when_it_ended_is_gone_after_the_next_start()
    {
        var digest = await _store.PutAsync(Content);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "sha256", ".half"), Content);
        Assert.Equal(Content, await new ArtifactStore(_folder).ReadAsync(digest));
        Assert.Single(Files());
    }

    [Fact]
    public async Task A_full_disk_says_so_and_takes_it_when_there_is_room()
    {
        using var disk = new SmallDisk(2);
        var store = new ArtifactStore(disk.Path);
        disk.Fill();
        var told = Assert.IsType<Fault.Exhausted>(await FaultOf(async () => await store.PutAsync(new byte[500_000])));
        Assert.StartsWith("The disk does not take the artifact: No space left on device", told.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Path, "sha256")));
        disk.MakeRoom();
        Assert.Equal(new byte[500_000], await store.ReadAsync(await store.PutAsync(new byte[500_000])));
    }

    [Fact]
    public async Task Putting_it_again_changes_nothing()
    {
        var first = await _store.PutAsync(Content);
        var written = File.GetLastWriteTimeUtc(Files().Single());

        Assert.Equal(first, await _store.PutAsync(Content));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Files().Single()));
    }

    [Fact]
    public async Task A_damaged_file_is_noticed_when_it_is_read()
    {
        var digest = await _store.PutAsync(Content);
        var changed = Content.ToArray();
        changed[3] ^= 1;
        await File.WriteAllBytesAsync(Files().Single(), changed);

        Assert.IsType<Fault.Damaged>(await FaultOf(async () => await _store.ReadAsync(digest)));
    }

    [Theory]
    [InlineData("not a")]
    [InlineData("")]
    [InlineData("not a module, but an arteficial")]
    [InlineData("not a module, but an artifacT")]
    public async Task A_damaged_file_is_not_had_and_replaced_when_the_artifact_comes_again(string damaged)
    {
        var digest = await _store.PutAsync(Content);
        await File.WriteAllTextAsync(Files().Single(), damaged);
        Assert.False(await _store.HasAsync(digest));

        await _store.PutAsync(Content);

        Assert.Equal(Content, await _store.ReadAsync(digest));
    }

    [Fact]
    public async Task An_unknown_digest_is_not_found()
    {
        var unknown = ArtifactStore.Digest("something else"u8);

        Assert.False(await _store.HasAsync(unknown));
        Assert.IsType<Fault.NotFound>(await FaultOf(async () => await _store.ReadAsync(unknown)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:../../etc/passwd")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public async Task What_is_no_digest_never_becomes_a_path(string digest) =>
        Assert.IsType<Fault.Invalid>(await FaultOf(async () => await _store.HasAsync(digest)));

    [Fact]
    public async Task An_artifact_beyond_the_limit_is_refused_and_leaves_nothing_behind()
    {
        Assert.IsType<Fault.Exhausted>(await FaultOf(async () => await _store.PutAsync(new byte[ActorLimits.ArtifactBytes + 1])));
        Assert.Empty(Files());
    }

    string[] Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    static async Task<Fault> FaultOf(Func<Task> action) => (await Assert.ThrowsAsync<FaultException>(action)).Fault;
}
