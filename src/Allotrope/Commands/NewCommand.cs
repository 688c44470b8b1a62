using System.CommandLine;
using Allotrope.Scaffolding;

namespace Allotrope.Commands;

/// <summary><c>allot new &lt;component|actor&gt; [name]</c>: writes the first files of one, ready to build.</summary>
static class NewCommand
{
    static readonly Argument<string> Kind = new("kind") { Description = "component (WASI 0.2) or actor (wasmbus)" };

    static readonly Argument<string?> Name = new("name")
    {
        Description = "What it is called, and the folder it gets; default hello",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string?> Language = new("--language")
    {
        Description = "javascript (default), rust or c for a component, assemblyscript for an actor",
        HelpName = "LANGUAGE",
    };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong([.. Scaffold.All.Select(scaffold => scaffold.Kind).Distinct()]);
        return new Command("new", "Write the first files of a component or actor, with its build and its blueprint") { Kind, Name, Language }.Runs(async (parsed, session) =>
        {
            var scaffold = Scaffold.Find(parsed.GetRequiredValue(Kind), parsed.GetValue(Language));
            var name = parsed.GetValue(Name) ?? "hello";
            var files = await scaffold.WriteAsync(name, name, session.Stop);
            session.Output.Object(new EventLine("created", Message: Path.GetFullPath(name)), CommandsJson.Default.EventLine);
            session.Output.Line($"{name}: a {scaffold.Kind} in {scaffold.Language}");
            foreach (var file in files)
                session.Output.Line($"  {name}/{file}");
            session.Output.Line($"Build and run it, again whenever a file changes: `allot dev {name}`");
        });
    }
}
