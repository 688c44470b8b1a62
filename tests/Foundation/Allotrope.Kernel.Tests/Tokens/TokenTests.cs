using System.Text;

namespace Allotrope.Kernel.Tests;

public sealed class TokenTests : IDisposable
{
    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    readonly KeyPair _issuer = KeyPair.Create(KeyRole.Account, new SeededRandom(1));

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public void A_signed_token_verifies_and_gives_its_claims_back()
    {
        var payload = Payload("""
            "sub":"MSUBJECT","jti":"id","iat":1700000000,"nbf":1700000000,"exp":1700000001,"wascap":{"deep":[1]}
            """);
        var token = Verify(Token.Sign(payload, _issuer));
        Assert.Equal(_issuer.PublicKey, token.Issuer);
        Assert.Equal("MSUBJECT", token.Subject);
        Assert.Equal("id", token.Id);
        Assert.Equal(Now, token.IssuedAt);
        Assert.Equal(Now, token.NotBefore);
        Assert.Equal(Now.AddSeconds(1), token.Expires);
        Assert.Equal(payload, token.Payload.ToArray());
    }

    [Fact]
    public void The_header_is_the_one_wasmcloud_writes() =>
        Assert.StartsWith("eyJ0eXAiOiJqd3QiLCJhbGciOiJFZDI1NTE5In0.", Token.Sign(Payload("\"sub\":\"s\""), _issuer), StringComparison.Ordinal);

    [Fact]
    public void Any_changed_character_is_refused()
    {
        var good = Encoding.ASCII.GetBytes(Token.Sign(Payload("\"sub\":\"s\""), _issuer));
        for (var at = 0; at < good.Length; at++)
        {
            var bad = good.ToArray();
            bad[at] = bad[at] == 'A' ? (byte)'B' : (byte)'A';
            Assert.Throws<FaultException>(() => Token.Verify(bad, new Clock(Now)));
        }
    }

    [Fact]
    public void A_payload_that_claims_another_issuer_is_refused()
    {
        using var other = KeyPair.Create(KeyRole.Account, new SeededRandom(2));
        Assert.Throws<FaultException>(() => Token.Sign(Payload("\"sub\":\"s\""), other));

        var parts = Token.Sign(Payload("\"sub\":\"s\""), _issuer).Split('.');
        var forged = TokenText.Encode(Encoding.ASCII.GetBytes($$"""{"iss":"{{other.PublicKey}}","sub":"s"}"""));
        Refused($"{parts[0]}.{forged}.{parts[2]}", "changed after it was signed");
    }

    [Theory]
    [InlineData("""{"alg":"Ed25519","typ":"jwt"}""", true)]
    [InlineData("""{"typ":"jwt","alg":"none"}""", false)]
    [InlineData("""{"typ":"jwt","alg":"ed25519"}""", false)]
    [InlineData("""{"typ":"JWT","alg":"Ed25519"}""", false)]
    [InlineData("""{"alg":"Ed25519"}""", false)]
    [InlineData("""{"typ":"jwt","alg":"Ed25519","crit":["x"]}""", false)]
    [InlineData("""{"typ":"jwt","alg":"none","alg":"Ed25519"}""", false)]
    [InlineData("""["typ"]""", false)]
    [InlineData("", false)]
    public void Only_the_one_header_is_accepted(string header, bool accepted)
    {
        var signed = $"{TokenText.Encode(Encoding.UTF8.GetBytes(header))}.{TokenText.Encode(Payload("\"sub\":\"s\""))}";
        var text = $"{signed}.{TokenText.Encode(_issuer.Sign(Encoding.ASCII.GetBytes(signed)))}";
        if (accepted)
            Assert.Equal("s", Verify(text).Subject);
        else
            Assert.Contains("header", Assert.Throws<FaultException>(() => Verify(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_ceases_to_hold_at_the_second_it_expires()
    {
        Assert.NotNull(Verify(Token.Sign(Payload("\"exp\":1700000001"), _issuer)));
        Refused(Token.Sign(Payload("\"exp\":1700000000"), _issuer), "expired at 2023-11-14 22:13:20Z");
    }

    [Fact]
    public void A_token_does_not_hold_before_its_time() =>
        Refused(Token.Sign(Payload("\"nbf\":1700000001"), _issuer), "does not hold before 2023-11-14 22:13:21Z");

    [Theory]
    [InlineData("\"exp\":\"1700000001\"")]
    [InlineData("\"exp\":1e99")]
    [InlineData("\"exp\":-1")]
    [InlineData("\"nbf\":1.5")]
    [InlineData("\"sub\":5")]
    [InlineData("\"sub\":\"\\ud800\"")]
    [InlineData("\"iss\":\"twice\"")]
    public void A_claim_of_another_form_is_invalid(string claim) =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Token.Sign(Payload(claim), _issuer)).Fault);

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("eyJ0eXAiOiJqd3QiLCJhbGciOiJFZDI1NTE5In0=.e30.AA")]
    [InlineData("eyJ0eXAiOiJqd3QiLCJhbGciOiJFZDI1NTE5In0 .e30.AA")]
    public void What_is_no_token_is_invalid(string text) =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Verify(text)).Fault);

    [Fact]
    public void A_token_beyond_the_limit_is_refused_before_it_is_read() =>
        Assert.IsType<Fault.Exhausted>(Assert.Throws<FaultException>(() => Token.Verify(new byte[Token.MaxBytes + 1], new Clock(Now))).Fault);

    static Token Verify(string text) => Token.Verify(Encoding.UTF8.GetBytes(text), new Clock(Now));

    static void Refused(string text, string reason)
    {
        var fault = Assert.IsType<Fault.Refused>(Assert.Throws<FaultException>(() => Verify(text)).Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    byte[] Payload(string members) => Encoding.UTF8.GetBytes($$"""{"iss":"{{_issuer.PublicKey}}",{{members.Trim()}}}""");

    sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
