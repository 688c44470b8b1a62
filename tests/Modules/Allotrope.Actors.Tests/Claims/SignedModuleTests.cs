using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public sealed class SignedModuleTests : IDisposable
{
    static readonly byte[] Plain = Modules.Of(Modules.TypeSection(padded: true), Modules.Custom("name", "x"));

    static readonly ActorDescription Counter = new()
    {
        Name = "Counter",
        Version = "0.1.0",
        Revision = 3,
        CallAlias = "example/counter",
        Capabilities = ["wasmcloud:httpserver", "wasmcloud:keyvalue"],
        Tags = ["example"],
    };

    readonly ManualTime _clock = new();
    readonly KeyPair _issuer = KeyPair.Create(KeyRole.Account, new SeededRandom(1));
    readonly KeyPair _module = KeyPair.Create(KeyRole.Module, new SeededRandom(2));

    public void Dispose()
    {
        _issuer.Dispose();
        _module.Dispose();
    }

    [Fact]
    public void A_signed_module_tells_who_it_is_and_who_signed()
    {
        var claims = SignedModule.Read(Sign(Plain), _clock);
        Assert.Equal(_module.PublicKey, claims.Module);
        Assert.Equal(_issuer.PublicKey, claims.Issuer);
        Assert.Equal(ModuleHash.Of(Plain), claims.Hash);
        Assert.True(claims.HashVerified);
        Assert.Equal(_clock.GetUtcNow(), claims.IssuedAt);
        Assert.Null(claims.Expires);
        Assert.Equivalent(Counter, claims.Description, strict: true);
    }

    [Fact]
    public void Its_code_is_left_as_it_was()
    {
        var signed = Sign(Plain);
        Assert.Equal(Plain, signed[..Plain.Length]);
        Assert.False(SignedModule.IsSigned(Plain));
        Assert.True(SignedModule.IsSigned(signed));
    }

    [Fact]
    public void The_same_signature_at_the_same_time_is_the_same_file() => Assert.Equal(Sign(Plain), Sign(Plain));

    [Theory]
    [InlineData("jwt")]
    [InlineData("wasmcloud_jwt")]
    public void Signing_again_replaces_the_token(string section)
    {
        var old = Modules.Of(Modules.TypeSection(), Modules.Custom(section, "old"));
        Assert.Equal(Sign(Modules.Of(Modules.TypeSection())), Sign(old));
    }

    [Fact]
    public void A_token_in_the_newer_section_is_read_too()
    {
        var claims = SignedModule.Read(Modules.Of(Modules.TypeSection(), Modules.Custom("wasmcloud_jwt", TokenOf(Modules.Of(Modules.TypeSection())))), _clock);
        Assert.Equal(_module.PublicKey, claims.Module);
    }

    [Fact]
    public void Only_claimed_contracts_are_allowed()
    {
        var claims = SignedModule.Read(Sign(Plain), _clock);
        Assert.True(claims.Allows("wasmcloud:keyvalue"));
        Assert.False(claims.Allows("wasmcloud:messaging"));
        Assert.False(claims.Allows("WASMCLOUD:KEYVALUE"));
    }

    [Fact]
    public void An_empty_capability_allows_nothing() =>
        Assert.False(SignedModule.Read(Sign(Plain, Counter with { Capabilities = [""] }), _clock).Allows(""));

    [Fact]
    public void A_module_without_token_is_refused_and_told_what_to_do() => Refused(Plain, "not signed", "allot actor sign");

    [Fact]
    public void Changed_code_is_refused_with_both_hashes()
    {
        var signed = Sign(Plain);
        signed[Plain.Length - 1] ^= 1;
        Refused(signed, "changed after", ModuleHash.Of(signed), ModuleHash.Of(Plain));
    }

    [Fact]
    public void A_section_added_later_is_refused() => Refused([.. Sign(Plain), .. Modules.Custom("extra", "x")], "changed after");

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        var signed = Sign(Plain);
        for (var bit = 0; bit < signed.Length * 8; bit++)
        {
            signed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<FaultException>(() => SignedModule.Read(signed, _clock));
            signed[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Two_tokens_are_refused() =>
        Assert.Contains("two signatures", Fault(Modules.Of(Modules.Custom("jwt", "a"), Modules.Custom("wasmcloud_jwt", "b"))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_expired_token_is_refused()
    {
        var signed = SignedModule.Sign(Plain, _issuer, _module.PublicKey, Counter, _clock, TimeSpan.FromDays(1));
        Assert.Equal(_clock.GetUtcNow().AddDays(1), SignedModule.Read(signed, _clock).Expires);
        _clock.Advance(TimeSpan.FromDays(1));
        Refused(signed, "expired");
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void A_hash_counts_from_the_third_revision_of_tokens_on(int revision, bool refused)
    {
        var wasm = WithPayload($$"""{"iss":"{{_issuer.PublicKey}}","sub":"{{_module.PublicKey}}","wascap":{"hash":"00"},"wascap_revision":{{revision}}}""");
        if (refused)
            Refused(wasm, "changed after");
        else
            Assert.False(SignedModule.Read(wasm, _clock).HashVerified);
    }

    [Theory]
    [InlineData("""{"iss":"ISSUER","sub":"ISSUER","wascap":{"hash":"00"}}""", "\"sub\" must be the actor's public key")]
    [InlineData("""{"iss":"ISSUER","sub":"MODULE"}""", "\"wascap\" must hold")]
    [InlineData("""{"iss":"ISSUER","sub":"MODULE","wascap":{}}""", "\"wascap\" must hold")]
    [InlineData("""{"iss":"ISSUER","sub":"MODULE","wascap":{"hash":"00","caps":"all"}}""", "another form at $.wascap.caps")]
    [InlineData("""{"iss":"ISSUER","sub":"MODULE","wascap":{"hash":"00","rev":99999999999}}""", "another form at $.wascap.rev")]
    [InlineData("""{"iss":"ISSUER","sub":"MODULE","wascap":{"hash":"00","name":"\ud800"}}""", "another form at $.wascap.name")]
    public void A_signed_token_of_another_form_is_invalid(string payload, string reason)
    {
        var json = payload
            .Replace("ISSUER", _issuer.PublicKey.ToString(), StringComparison.Ordinal)
            .Replace("MODULE", _module.PublicKey.ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, Assert.IsType<Fault.Invalid>(Fault(WithPayload(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_modules_key_can_be_an_actor() =>
        Assert.Throws<ArgumentException>(() => SignedModule.Sign(Plain, _issuer, _issuer.PublicKey, Counter, _clock));

    /// <summary>Whatever the bytes, the answer is claims or a fault.</summary>
    [Fact]
    public void Mutated_modules_are_read_or_refused()
    {
        var random = new Random(5);
        var signed = Sign(Plain);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = signed[..random.Next(signed.Length + 1)];
            for (var flips = random.Next(3); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(Math.Min(bytes.Length, 80))] = (byte)random.Next(256);

            var error = Xunit.Record.Exception(() => SignedModule.Read(bytes, _clock));
            Assert.True(error is null or FaultException, $"{error}");
        }
    }

    byte[] Sign(byte[] wasm, ActorDescription? description = null) =>
        SignedModule.Sign(wasm, _issuer, _module.PublicKey, description ?? Counter, _clock);

    string TokenOf(byte[] wasm)
    {
        var signed = Sign(wasm);
        var text = Encoding.ASCII.GetString(signed);
        return text[(text.LastIndexOf("jwt", StringComparison.Ordinal) + 3)..];
    }

    byte[] WithPayload(string json) => Modules.Of(Modules.Custom("jwt", Token.Sign(Encoding.UTF8.GetBytes(json), _issuer)));

    Fault Fault(byte[] wasm) => Assert.Throws<FaultException>(() => SignedModule.Read(wasm, _clock)).Fault;

    void Refused(byte[] wasm, params string[] reasons)
    {
        var fault = Assert.IsType<Fault.Refused>(Fault(wasm));
        Assert.All(reasons, reason => Assert.Contains(reason, fault.Message, StringComparison.Ordinal));
    }
}
