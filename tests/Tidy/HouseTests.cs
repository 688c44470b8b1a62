namespace Allotrope.Tidy;

/// <summary>Rules 1 to 3 of the house (ARCHITECTURE.md), from what project files say and from what was compiled.</summary>
public class HouseTests
{
    /// <summary>Foundation from the ground up: each may use those before it.</summary>
    static readonly string[] Storeys = ["Allotrope.Kernel", "Allotrope.Listening", "Allotrope.Wasm", "Allotrope.Wit.Generator", "Allotrope.Components", "Allotrope.Wasi", "Allotrope.Record", "Allotrope.Lattice", "Allotrope.Artery"];

    [Fact]
    public void Foundation_knows_nothing_of_the_product() =>
        AssertNone(from project in Project.All where project.Room == Room.Foundation from used in project.Uses where used.Room != Room.Foundation select (project, used));

    [Fact]
    public void Foundation_projects_use_one_another_only_downwards()
    {
        Assert.Empty(Project.All.Where(project => project.Room == Room.Foundation).Select(project => project.Name).Except(Storeys));
        AssertNone(from project in Project.All
                   where project.Room == Room.Foundation
                   from used in project.Uses
                   where Array.IndexOf(Storeys, used.Name) >= Array.IndexOf(Storeys, project.Name)
                   select (project, used));
    }

    [Fact]
    public void The_engine_uses_no_other_project() => Assert.Empty(Project.Named("Allotrope.Wasm").Uses);

    [Fact]
    public void Contracts_use_only_Foundation() =>
        AssertNone(from project in Project.All where project.Room == Room.Contracts from used in project.Uses where used.Room != Room.Foundation select (project, used));

    [Fact]
    public void A_module_uses_contracts_and_Foundation_and_never_another_module() =>
        AssertNone(from project in Project.All
                   where project.Room == Room.Module
                   from used in project.Uses
                   where used.Room is not (Room.Contracts or Room.Foundation)
                   select (project, used));

    [Fact]
    public void Nothing_uses_the_program() =>
        AssertNone(from project in Project.All from used in project.Uses where used.Room == Room.Program select (project, used));

    /// <summary>Node.cs wires the modules. The commands named work on files, offline, with what a module knows of their form.</summary>
    static readonly string[] MayNameModules =
    [
        "src/Allotrope/Node.cs",
        "src/Allotrope/Commands/ActorInspectCommand.cs",
        "src/Allotrope/Commands/ActorReplayCommand.cs",
        "src/Allotrope/Commands/ActorSignCommand.cs",
        "src/Allotrope/Commands/CheckedDraft.cs",
        "src/Allotrope/Commands/ComponentInspectionLine.cs",
        "src/Allotrope/Commands/LedgerCommand.cs",
    ];

    [Fact]
    public void The_command_line_reaches_the_node_only_through_the_bus()
    {
        var modules = Project.All.Where(project => project.Room == Room.Module).Select(project => project.Name).ToList();
        var knowing = from file in Repository.Sources("src/Allotrope")
                      where !MayNameModules.Contains(file)
                      from module in modules
                      where Repository.Read(file).Contains(module, StringComparison.Ordinal)
                      select $"{file} names {module}: only Node.cs wires modules, the rest meets them on the bus";
        Assert.Empty(knowing);
    }

    [Fact]
    public void Every_assembly_that_was_compiled_was_looked_at() =>
        Assert.All(Project.All.Where(project => project.Room != Room.Foundation), project => Assert.NotEmpty(project.Uses));

    static void AssertNone(IEnumerable<(Project Project, Project Used)> wrong) =>
        Assert.Empty(wrong.Select(pair => $"{pair.Project.Name} uses {pair.Used.Name}, which the house does not allow (ARCHITECTURE.md, rules of the house)"));
}
