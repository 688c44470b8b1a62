using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>What is in the folder is run as code: nothing of it counts that is not known to be what this user's processes wrote.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "the world skips other systems")]
public sealed class RefusedEntryTests : IDisposable
{
    const int KeyAt = 8, NumbersAt = KeyAt + 32;
    const int DigestBytes = 32;

    readonly CacheWorld _world = new();

    public RefusedEntryTests() => Assert.False(_world.RunLoads());

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_bit_flipped_anywhere_is_noticed_and_the_entry_made_again()
    {
        var whole = File.ReadAllBytes(_world.OnlyFile);
        // Mark, key, counts and tokens, places of types, the assembly's beginning, middle and end, the digest.
        int[] places = [0, KeyAt, KeyAt + 31, 40, 44, 48, 60, 70, 80, 90, 100, whole.Length / 2, whole.Length - DigestBytes - 1, whole.Length - DigestBytes, whole.Length - 1];
        foreach (var place in places)
        {
            var bent = whole.ToArray();
            bent[place] ^= 0x10;
            AssertRefused(bent);
        }
    }

    [Fact]
    public void An_entry_cut_off_or_lengthened_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(_world.OnlyFile);
        foreach (var length in new[] { 0, 1, KeyAt, 40, 71, 72, 73, whole.Length / 2, whole.Length - DigestBytes, whole.Length - 1 })
            AssertRefused(whole[..length]);
        AssertRefused([.. whole, 0]);
    }

    [Fact]
    public void Anothers_entry_under_this_name_is_refused()
    {
        var name = _world.OnlyFile;
        _world.RunLoads(binary: CacheWorld.Sample(5), expected: 5);
        var other = Assert.Single(_world.Files, file => file != name);
        AssertRefused(File.ReadAllBytes(other), name);
    }

    /// <summary>Whoever writes files of the user's can make the digest fit, where there is no secret; what it says must not end a compilation even so.</summary>
    [Fact]
    public void Numbers_that_cannot_be_are_refused_though_the_digest_fits()
    {
        var whole = File.ReadAllBytes(_world.OnlyFile);
        int[] wrong = [-1, int.MaxValue, int.MinValue, 0, 0x06000fff, 0x02000001, whole.Length];
        // counts, tokens, and where numbers of types go, up to the assembly
        for (var at = NumbersAt; at < whole.AsSpan().IndexOf("MZ"u8); at += sizeof(int))
        {
            foreach (var number in wrong)
            {
                var bent = whole.ToArray();
                BinaryPrimitives.WriteInt32LittleEndian(bent.AsSpan(at), number);
                HMACSHA256.HashData([], bent.AsSpan()[..^DigestBytes]).CopyTo(bent, bent.Length - DigestBytes);
                File.WriteAllBytes(_world.OnlyFile, bent);
                _ = Module.Compile(CacheWorld.Binary, new CompileOptions { Cache = _world.Open() });
            }
        }

        Assert.NotEmpty(_world.Problems);
    }

    [Fact]
    public void An_assembly_of_anothers_making_is_refused_though_the_digest_fits()
    {
        var whole = File.ReadAllBytes(_world.OnlyFile);
        var at = whole.AsSpan().IndexOf("MZ"u8);
        foreach (var other in new[] { File.ReadAllBytes(typeof(RefusedEntryTests).Assembly.Location), [], new byte[1000] })
        {
            byte[] body = [.. whole.AsSpan(0, at - sizeof(int)), .. BitConverter.GetBytes(other.Length), .. other];
            AssertRefused([.. body, .. HMACSHA256.HashData(ReadOnlySpan<byte>.Empty, body)]);
        }
    }

    [Fact]
    public void With_a_secret_an_entry_of_somebody_without_it_is_refused()
    {
        var options = new CodeCacheOptions { Secret = RandomNumberGenerator.GetBytes(32) };
        Assert.False(_world.RunLoads(cacheOptions: options));
        Assert.Single(_world.Problems);
        Assert.True(_world.RunLoads(cacheOptions: options));
        Assert.False(_world.RunLoads(cacheOptions: new CodeCacheOptions { Secret = RandomNumberGenerator.GetBytes(32) }));
    }

    [Fact]
    public void A_digest_made_anew_does_not_help_without_the_secret()
    {
        var options = new CodeCacheOptions { Secret = RandomNumberGenerator.GetBytes(32) };
        _world.RunLoads(cacheOptions: options);
        var bytes = File.ReadAllBytes(_world.OnlyFile);
        bytes[^(DigestBytes + 20)] ^= 1;
        HMACSHA256.HashData([], bytes.AsSpan()[..^DigestBytes]).CopyTo(bytes, bytes.Length - DigestBytes);
        File.WriteAllBytes(_world.OnlyFile, bytes);
        Assert.False(_world.RunLoads(cacheOptions: options));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    public void A_file_open_to_others_is_refused(UnixFileMode mode)
    {
        File.SetUnixFileMode(_world.OnlyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
        AssertRefusedOnce("open to other users");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A_folder_open_to_others_is_not_used_at_all(UnixFileMode mode)
    {
        File.SetUnixFileMode(_world.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | mode);
        for (var round = 0; round < 2; round++)
        {
            Assert.False(_world.RunLoads());
            Assert.Contains("open to other users", _world.Problems[^1]);
        }
    }

    [Fact]
    public void A_file_of_somebody_else_is_refused()
    {
        if (Environment.UserName != "root") Assert.Skip("Only root can give a file away.");
        Run("chown", "65534:65534", _world.OnlyFile);
        AssertRefusedOnce("owned by user 65534");
    }

    [Fact]
    public void A_folder_of_somebody_else_is_not_used_at_all()
    {
        if (Environment.UserName != "root") Assert.Skip("Only root can give a folder away.");
        Run("chown", "65534:65534", _world.Folder);
        Assert.False(_world.RunLoads());
        Assert.False(_world.RunLoads());
        Assert.Contains("owned by user 65534", _world.Problems[^1]);
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        var (name, moved) = (_world.OnlyFile, _world.Folder + ".elsewhere");
        File.Move(name, moved);
        File.CreateSymbolicLink(name, moved);
        Assert.False(_world.RunLoads());
        Assert.NotEmpty(_world.Problems);
        Assert.Null(new FileInfo(_world.OnlyFile).LinkTarget);
        Assert.True(_world.RunLoads());
    }

    [Fact]
    public void A_linked_folder_is_not_used()
    {
        var moved = _world.Folder + ".elsewhere";
        Directory.Move(_world.Folder, moved);
        Directory.CreateSymbolicLink(_world.Folder, moved);
        Assert.False(_world.RunLoads());
        Assert.False(_world.RunLoads());
        Assert.NotEmpty(_world.Problems);
    }

    [Fact]
    public void A_pipe_or_folder_under_an_entrys_name_does_no_harm()
    {
        var name = _world.OnlyFile;
        File.Delete(name);
        Run("mkfifo", "-m", "600", name);
        AssertRefusedOnce("of another kind");
        File.Delete(name);
        Directory.CreateDirectory(name, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.False(_world.RunLoads());
        Assert.Contains(_world.Problems, problem => problem.Contains("not kept"));
    }

    [Fact]
    public void Without_room_or_right_to_write_modules_run_all_the_same()
    {
        var file = _world.Folder + ".file";
        File.WriteAllBytes(file, []);
        var problems = new List<string>();
        var cache = new CodeCache(Path.Combine(file, "code"), new CodeCacheOptions { OnProblem = problems.Add });
        Assert.Equal(CacheWorld.Answer, CacheWorld.Run(Module.Compile(CacheWorld.Binary, new CompileOptions { Cache = cache })));
        Assert.Contains("not kept", Assert.Single(problems));
    }

    void AssertRefused(byte[] bytes, string? name = null)
    {
        var before = _world.Problems.Count;
        File.WriteAllBytes(name ?? _world.OnlyFile, bytes);
        Assert.False(_world.RunLoads());
        Assert.Equal(before + 1, _world.Problems.Count);
        Assert.True(_world.RunLoads());
        Assert.Equal(before + 1, _world.Problems.Count);
    }

    void AssertRefusedOnce(string reason)
    {
        Assert.False(_world.RunLoads());
        Assert.Contains(reason, Assert.Single(_world.Problems));
        Assert.True(_world.RunLoads());
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
