using System.Text.RegularExpressions;
using Allotrope.Components;
using Allotrope.Wasm;
using Example.Demo.Greeting;

namespace Allotrope.Wit.Generator.Tests;

/// <summary>docs/guide/components.md as it stands there.</summary>
public sealed partial class GuideTests
{
    sealed class Visitors : INames
    {
        public Person? Find(uint id) => id == 1 ? new Person("Ada", 0) : null;
    }

    [Fact]
    public void The_guide_runs_and_gives_what_it_says()
    {
        var file = Path.Combine(Root(), "guests/components/greeter-c/greeter.wasm");

        var linker = new ComponentLinker<Visitors>();
        NamesInterface.AddTo(linker, visitors => visitors);
        var component = Component.Compile(File.ReadAllBytes(file));

        using var store = new Store(new StoreLimits { MemoryPages = 64 });
        using var instance = linker.Instantiate(store, component, new Visitors());
        var greeter = new GreeterExports(instance);
        var known = greeter.Greet(1);   // ok(Welcome, Ada!)
        var nobody = greeter.Greet(9);  // error(nobody has this number)
        Assert.Equal("ok(Welcome, Ada!)", known.ToString());
        Assert.Equal("error(nobody has this number)", nobody.ToString());

        var house = new Composition<Visitors>(linker).Add("greeter", component);
        var order = house.Check();
        using var made = house.Instantiate(name => store, name => new Visitors());
        var again = new GreeterExports(made["greeter"]).Greet(1);
        Assert.Equal(["greeter"], order);
        Assert.Equal(known, again);
    }

    [Fact]
    public void The_guide_shows_the_code_of_this_file()
    {
        var here = File.ReadAllLines(Path.Combine(Root(), "tests/Foundation/Allotrope.Wit.Generator.Tests/GuideTests.cs")).Select(line => line.Trim()).ToHashSet();
        var shown = Block().Matches(File.ReadAllText(Path.Combine(Root(), "docs/guide/components.md"))).SelectMany(match => match.Groups["code"].Value.Split('\n')).Select(line => line.Trim()).ToList();
        Assert.NotEmpty(shown);
        Assert.All(shown, line => Assert.Contains(line, here));
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Allotrope.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
