using System.CommandLine;
using Allotrope.Actors;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>
/// <c>allot actor sign &lt;file.wasm&gt;</c>: embeds a token that says who the actor is and what it may use. An actor's identity is a module
/// key of its own, kept beside the other keys and made at its first signing.
/// </summary>
static class ActorSignCommand
{
    static readonly Argument<FileInfo> Wasm = new("file") { Description = "The actor, a WebAssembly file" };

    static readonly Option<string> Module = new("--module")
    {
        Description = "The actor's identity: a module key in the data folder, a seed file or a public key; default a key named like the file, made when new",
        HelpName = "KEY",
    };

    static readonly Option<string> Name = new("--name") { Description = "What people call it; default the file's name", HelpName = "NAME" };
    static readonly Option<string> Version = new("--ver") { Description = "Its version for people", HelpName = "VERSION", DefaultValueFactory = _ => "" };
    static readonly Option<int> Revision = new("--rev") { Description = "A number that grows with every release", HelpName = "N" };
    static readonly Option<string> Alias = new("--alias") { Description = "A name by which other actors may call it", HelpName = "ALIAS", DefaultValueFactory = _ => "" };
    static readonly Option<string[]> Capabilities = new("--cap") { Description = "A contract it may use, such as wasmcloud:keyvalue; repeat for more", HelpName = "CONTRACT" };
    static readonly Option<string[]> Tags = new("--tag") { Description = "A tag; repeat for more", HelpName = "TAG" };
    static readonly Option<int?> Days = new("--expires-in-days") { Description = "After how many days the signature no longer counts; default never", HelpName = "DAYS" };
    static readonly Option<FileInfo> Out = new("--out", "-o") { Description = "Where the signed actor goes; default in place", HelpName = "FILE" };

    public static Command Create()
    {
        Days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is <= 0)
                result.AddError("--expires-in-days takes a number above 0.");
        });
        return new Command("sign", "Sign an actor and say what it may use")
        {
            Wasm, SigningKey.Option, Module, Name, Version, Revision, Alias, Capabilities, Tags, Days, Out,
        }.Runs(async (parsed, session) =>
        {
            var file = parsed.GetRequiredValue(Wasm);
            var wasm = await ActorInspectCommand.ReadAsync(file, session.Stop);
            var stem = Path.GetFileNameWithoutExtension(file.Name);
            using var issuer = session.Keys.Find(parsed.GetRequiredValue(SigningKey.Option));
            var module = ModuleOf(session, parsed.GetValue(Module), stem);
            var description = new ActorDescription
            {
                Name = parsed.GetValue(Name) ?? stem,
                Version = parsed.GetValue(Version) ?? "",
                Revision = parsed.GetValue(Revision),
                CallAlias = parsed.GetValue(Alias) ?? "",
                Capabilities = parsed.GetValue(Capabilities) ?? [],
                Tags = parsed.GetValue(Tags) ?? [],
            };
            var lifetime = parsed.GetValue(Days) is { } days ? TimeSpan.FromDays(days) : (TimeSpan?)null;
            var signed = SignedModule.Sign(wasm, issuer, module, description, session.Time, lifetime);
            var target = parsed.GetValue(Out) ?? file;
            await File.WriteAllBytesAsync(target.FullName, signed, session.Stop);

            session.Output.Object(
                new EventLine("signed", Message: $"{target.FullName} is actor {module}, signed by {issuer.PublicKey}"), CommandsJson.Default.EventLine);
            session.Output.Line($"{target.FullName} is actor {module}");
            session.Output.Line($"signed by {issuer.PublicKey}; may use {(description.Capabilities.Count == 0 ? "nothing" : string.Join(", ", description.Capabilities))}");
        });
    }

    static PublicKey ModuleOf(Session session, string? named, string stem)
    {
        if (PublicKey.TryParse(named, null, out var given))
            return Checked(given);
        if (named is null && !session.Keys.Has(stem))
        {
            using var made = session.Keys.Create(stem, KeyRole.Module, SystemRandom.Instance);
            return made.PublicKey;
        }
        using var key = session.Keys.Find(named ?? stem);
        return Checked(key.PublicKey);

        static PublicKey Checked(PublicKey key) => key.Role == KeyRole.Module ? key : throw new FaultException(
            new Fault.Invalid("--module", $"{key} is a key of role {key.Role.ToString().ToLowerInvariant()}; an actor's identity is a module key: `allot key new NAME --role module`."));
    }
}
