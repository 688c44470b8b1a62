using Allotrope.Components.Wit;

namespace Allotrope.Components.Tests.Wit;

public class ComponentWitTests
{
    public static TheoryData<string> Guests => new(Directory.EnumerateFiles(Folder, "*.wasm", SearchOption.AllDirectories)
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && Component.IsComponent(File.ReadAllBytes(file)))
        .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal));

    static string Folder { get; } = Find();

    [Theory]
    [MemberData(nameof(Guests))]
    public void The_WIT_of_a_component_says_the_same_types_as_it(string guest)
    {
        var component = Component.Compile(File.ReadAllBytes(Path.Combine(Folder, guest)));
        var text = ComponentWit.Print(component);
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        var resolution = WitTextTests.Resolve(text);
        var world = resolution.Find("root:component")!.Worlds[0];
        Compare(component.Type.Imports, world.Imports);
        Compare(component.Type.Exports, world.Exports);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void What_is_printed_of_a_component_is_printed_so_again(string guest)
    {
        var text = ComponentWit.Print(Component.Compile(File.ReadAllBytes(Path.Combine(Folder, guest))));
        var packages = WitTextTests.Resolve(text).Packages;
        var main = packages.Single(package => package.Name.ToString() == "root:component");
        Assert.Equal(text, WitPrinter.Print(main, packages.Where(package => package != main).OrderBy(package => package.Name.ToString(), StringComparer.Ordinal)));
    }

    /// <summary>As wit-component 0.259 encodes guests/components/greeter-c/greeter.wit.</summary>
    const string Encoded =
        "AGFzbQ0AAQAAGRZ3aXQtY29tcG9uZW50LWVuY29kaW5nBAAHqQEBQQIBQQcBQgUBcgIEbmFtZXMGdmlzaXRzeQQABnBlcnNvbgMAAAFrAQFAAQJpZHkAAgQABGZpbmQBAwMAGWRlbW86Z3JlZXRp"
        + "bmcvbmFtZXNAMC4xLjAFAAIDAAAGcGVyc29uAwAGcGVyc29uAwABAWoBcwFzAUABAmlkeQADBAAFZ3JlZXQBBAQAG2RlbW86Z3JlZXRpbmcvZ3JlZXRlckAwLjEuMAQACw0BAAdncmVldGVyAwAAAC8J"
        + "cHJvZHVjZXJzAQxwcm9jZXNzZWQtYnkBDXdpdC1jb21wb25lbnQHMC4yNTkuMA==";

    [Fact]
    public void A_package_that_a_component_carries_is_printed_as_it_was_written() => Assert.Equal(
        """
        package demo:greeting@0.1.0;

        interface names {
          record person {
            name: string,
            visits: u32,
          }

          find: func(id: u32) -> option<person>;
        }

        world greeter {
          use names.{person};
          import names;
          export greet: func(id: u32) -> result<string, string>;
        }

        """,
        ComponentWit.Print(Component.Compile(Convert.FromBase64String(Encoded))), ignoreLineEndingDifferences: true);

    static void Compare(IReadOnlyDictionary<string, ComponentExternType> types, IReadOnlyList<WitWorldItem> items)
    {
        Assert.Equal(types.Where(each => each.Value is not ComponentExternType.Bound).Select(each => each.Key).Order(StringComparer.Ordinal), items.Select(item => item.Name).Order(StringComparer.Ordinal));
        foreach (var item in items)
        {
            if (item.Function is { } function)
                Assert.Equal(Structure.Of(((ComponentExternType.Func)types[item.Name]).Type), Structure.Of(function));
            else
                Compare(((ComponentExternType.Instance)types[item.Name]).Type, (WitInterface)item.Interface!.Target);
        }
    }

    static void Compare(InstanceType type, WitInterface @interface)
    {
        var functions = @interface.Functions.Concat(@interface.Definitions.OfType<WitResource>().SelectMany(resource => resource.Functions)).ToDictionary(function => function.EncodedName, Structure.Of);
        foreach (var (name, each) in type.Exports)
        {
            if (each is ComponentExternType.Func function)
                Assert.Equal(Structure.Of(function.Type), functions[name]);
            else
                Assert.NotNull(@interface.FindDefinition(name));
        }

        Assert.All(functions.Keys, name => Assert.Contains(name, type.Exports.Keys));
    }

    static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Allotrope.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "guests", "components");
    }
}
