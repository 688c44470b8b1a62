using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>Actors as files: a WebAssembly module with a token of its signer in a custom section.</summary>
public static class SignedModule
{
    /// <summary>From this revision of wascap on, the hash is the one of <see cref="ModuleHash"/>.</summary>
    const int FirstComparableRevision = 3;

    // Every host of the 0.6x family reads this one.
    static ReadOnlySpan<byte> SectionName => "jwt"u8;

    /// <summary>True if the module carries a token, good or not.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: not a core module.</exception>
    public static bool IsSigned(ReadOnlySpan<byte> wasm) => !FindToken(wasm).IsEmpty;

    /// <summary>Reads the claims and checks that the issuer signed them, that they hold now, and that they are about this very module.</summary>
    /// <exception cref="FaultException">
    /// <see cref="Fault.Refused"/>: not signed, signed by another than it says, expired, or changed since; <see cref="Fault.Invalid"/>: not a core
    /// module, or its token is none.
    /// </exception>
    public static ActorClaims Read(ReadOnlySpan<byte> wasm, TimeProvider clock)
    {
        var text = FindToken(wasm);
        if (text.IsEmpty)
            throw new FaultException(new Fault.Refused("This actor is not signed: it has no section \"jwt\"; sign it with `allot actor sign`."));

        var token = Token.Verify(text, clock);
        var payload = Parse(token);
        if (!PublicKey.TryParse(token.Subject, out var module) || module.Role != KeyRole.Module)
            throw Invalid("sub", "must be the actor's public key, which begins with M");
        if (payload.Actor is not { Hash: { } signedHash } actor)
            throw Invalid("wascap", "must hold the claims of an actor with its hash");

        var hash = ModuleHash.Of(wasm);
        var same = string.Equals(hash, signedHash, StringComparison.OrdinalIgnoreCase);
        if (!same && (payload.Revision ?? 0) >= FirstComparableRevision)
        {
            throw new FaultException(new Fault.Refused(
                $"This actor was changed after {token.Issuer} signed it: its hash is {hash}, and the signed one is {signedHash}."));
        }

        return new(module, token.Issuer, Describe(actor), signedHash, same, token.IssuedAt, token.Expires);
    }

    /// <summary>The module with a fresh token at its end, in place of any it had.</summary>
    /// <param name="module">Who the actor is: the same key for every release of it.</param>
    /// <param name="clock">For the time of issue.</param>
    /// <param name="lifetime">After which the token expires; <see langword="null"/> for never.</param>
    /// <exception cref="ArgumentException"><paramref name="module"/> is not a module's key.</exception>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: not a core module.</exception>
    public static byte[] Sign(
        ReadOnlySpan<byte> wasm, KeyPair issuer, PublicKey module, ActorDescription description, TimeProvider clock, TimeSpan? lifetime = null)
    {
        if (module.IsEmpty || module.Role != KeyRole.Module)
            throw new ArgumentException($"An actor's key begins with M, this one is {module}.", nameof(module));

        var now = clock.GetUtcNow();
        var payload = new WascapPayload(
            Expires: lifetime is { } time ? (now + time).ToUnixTimeSeconds() : null,
            Id: null,
            IssuedAt: now.ToUnixTimeSeconds(),
            Issuer: issuer.PublicKey.ToString(),
            Subject: module.ToString(),
            Actor: Describe(description, ModuleHash.Of(wasm)),
            Revision: FirstComparableRevision);
        payload = payload with { Id = IdOf(payload) };

        var token = Token.Sign(JsonSerializer.SerializeToUtf8Bytes(payload, WascapJson.Default.WascapPayload), issuer);
        return WithToken(wasm, Encoding.ASCII.GetBytes(token));
    }

    static ReadOnlySpan<byte> FindToken(ReadOnlySpan<byte> wasm)
    {
        ReadOnlySpan<byte> token = default;
        foreach (var section in ModuleSections.Of(wasm))
        {
            if (!section.HoldsToken)
                continue;
            if (!token.IsEmpty)
                throw new FaultException(new Fault.Invalid("jwt", "This actor carries two signatures, and which one counts is not defined: sign it anew."));

            token = section.Content;
        }

        return token;
    }

    static byte[] WithToken(ReadOnlySpan<byte> wasm, ReadOnlySpan<byte> token)
    {
        var output = new ArrayBufferWriter<byte>(wasm.Length + token.Length + 16);
        output.Write(wasm[..ModuleSections.HeaderSize]);
        foreach (var section in ModuleSections.Of(wasm))
        {
            if (!section.HoldsToken)
                output.Write(section.Whole);
        }

        Span<byte> length = stackalloc byte[Leb128.MaxBytes];
        output.Write<byte>([0]);
        output.Write<byte>(length[..Leb128.Write(length, (uint)(1 + SectionName.Length + token.Length))]);
        output.Write<byte>([(byte)SectionName.Length]);
        output.Write(SectionName);
        output.Write(token);
        return output.WrittenSpan.ToArray();
    }

    static WascapPayload Parse(Token token)
    {
        try
        {
            return JsonSerializer.Deserialize(token.Payload.Span, WascapJson.Default.WascapPayload)
                ?? throw Invalid("payload", "is null");
        }
        catch (JsonException e)
        {
            throw new FaultException(new Fault.Invalid(e.Path ?? "$", $"The actor's token is signed but has a claim of another form at {e.Path}."), e);
        }
    }

    static ActorDescription Describe(WascapActor actor) => new()
    {
        Name = actor.Name ?? "",
        Version = actor.Version ?? "",
        Revision = actor.Revision ?? 0,
        CallAlias = actor.CallAlias ?? "",
        Capabilities = actor.Capabilities ?? [],
        Tags = actor.Tags ?? [],
        IsProvider = actor.IsProvider,
    };

    static WascapActor Describe(ActorDescription description, string hash) => new(
        description.Name,
        hash,
        description.Tags,
        description.Capabilities,
        description.Revision,
        description.Version,
        description.CallAlias.Length > 0 ? description.CallAlias : null,
        description.IsProvider);

    // 22 characters like a NUID's, but from the content, so that signing the same thing at the same second gives the same file.
    static string IdOf(WascapPayload payload) =>
        Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(payload, WascapJson.Default.WascapPayload)))[..22];

    static FaultException Invalid(string claim, string problem) => new(new Fault.Invalid(claim, $"The actor's token is signed, but its \"{claim}\" {problem}."));
}
