using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Differential;

/// <summary>Values of random types on longer ways: through a second component, through a host that takes any types, and called by one.</summary>
public sealed class PassedOnTests(ITestOutputHelper output)
{
    const int Functions = 12;

    const string Host = "test:host/api@0.2.0";

    public static TheoryData<int, int> Encodings()
    {
        var data = new TheoryData<int, int>();
        foreach (var front in Enum.GetValues<StringEncoding>())
            foreach (var back in Enum.GetValues<StringEncoding>())
                data.Add((int)front, (int)back);
        return data;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_component_between_passes_on_what_it_was_given(int front, int back) => InRounds(2, 20261122, (functions, random) =>
    {
        var linker = Linker(functions);
        var composition = new Composition<int>(linker)
            .Add("front", Component.Compile(new EchoComponent { Encoding = (StringEncoding)front, Interface = "test:back/api@1.0.0" }.Build(Named(functions))))
            .Add("back", Component.Compile(new EchoComponent { Encoding = (StringEncoding)back, Offered = "test:back/api@1.0.0" }.Build(Named(functions))));
        using var store = new Store(new StoreLimits { MemoryPages = 128 });
        using var made = composition.Instantiate(_ => store, _ => 0);
        foreach (var function in functions)
            function.Check(made["front"], random, generatesExports: true);
    });

    [Fact]
    public void A_host_that_takes_any_types_passes_on_what_it_was_given() => InRounds(4, 7, (functions, random) =>
    {
        using var store = new Store(new StoreLimits { MemoryPages = 128 });
        using var back = Linker(functions).Instantiate(store, Component.Compile(new EchoComponent().Build(Named(functions))), 0);
        var linker = new ComponentLinker<int>();
        linker.Instance(Host).Functions((name, _) =>
        {
            var function = back.GetFunctionOfValues(name);
            return (_, arguments) => function(arguments);
        });
        using var front = linker.Instantiate(store, Component.Compile(new EchoComponent().Build(Named(functions))), 0);
        foreach (var function in functions)
            function.Check(front, random, generatesExports: true);
    });

    void InRounds(int rounds, int seed, Action<RandomFunction[], Random> check)
    {
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(seed + round);
            var functions = Enumerable.Range(0, Functions).Select(i => new RandomFunction($"f{i}", random)).ToArray();
            foreach (var function in functions)
                output.WriteLine($"seed {seed + round}: {function.Type}");
            check(functions, random);
        }
    }

    static ComponentLinker<int> Linker(RandomFunction[] functions)
    {
        var linker = new ComponentLinker<int>();
        foreach (var function in functions)
            linker.Instance(Host).Function(function.Name, function.Body);
        return linker;
    }

    static (string, ComponentFunctionType)[] Named(RandomFunction[] functions) => [.. functions.Select(each => (each.Name, each.Type))];
}
