using System.CommandLine;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <param name="Name">The name of its file in the data folder.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="PublicKey">Its public half; the seed never leaves its file.</param>
sealed record KeyLine(string Name, string Role, string PublicKey);

/// <summary><c>allot key new|list</c>: the Ed25519 keys in the data folder.</summary>
static class KeyCommand
{
    static readonly Argument<string> Name = new("name") { Description = "Name of the key; its seed is kept in keys/{name}.nk of the data folder" };

    static readonly Option<string> Role = new("--role")
    {
        Description = "account and user keys sign blueprints and actors, a module key is an actor's identity",
        HelpName = "ROLE",
        DefaultValueFactory = _ => "account",
    };

    public static Command Create()
    {
        Role.AcceptOnlyFromAmong([.. Enum.GetNames<KeyRole>().Select(name => name.ToLowerInvariant())]);
        return new Command("key", "Make and list keys") { New(), List() };
    }

    static Command New() => new Command("new", "Make a key pair") { Name, Role }.Runs((parsed, session) =>
    {
        var name = parsed.GetRequiredValue(Name);
        using var key = session.Keys.Create(name, Enum.Parse<KeyRole>(parsed.GetRequiredValue(Role), ignoreCase: true), SystemRandom.Instance);
        var line = Line(name, key);
        session.Output.Object(line, CommandsJson.Default.KeyLine);
        session.Output.Line($"{line.PublicKey}  ({line.Role} key {name}; keep {session.Layout.Keys}/{name}.nk secret)");
        return Task.CompletedTask;
    });

    static Command List() => new Command("list", "List the keys of the data folder").Runs((_, session) =>
    {
        var lines = session.Keys.Names.Select(name =>
        {
            using var key = session.Keys.Read(name);
            return Line(name, key);
        }).ToList();
        foreach (var line in lines)
            session.Output.Object(line, CommandsJson.Default.KeyLine);
        if (lines.Count == 0)
            session.Output.Line($"There is no key in {session.Layout.Keys}: `allot key new NAME` makes one, and so does the first `allot up`.");
        else
            session.Output.Table(["NAME", "ROLE", "PUBLIC KEY"], lines.Select(line => (string[])[line.Name, line.Role, line.PublicKey]));
        return Task.CompletedTask;
    });

    static KeyLine Line(string name, KeyPair key) => new(name, key.PublicKey.Role.ToString().ToLowerInvariant(), key.PublicKey.ToString());
}
