using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Caching;

/// <summary>The official tests on code that was written down and loaded again.</summary>
public sealed class CachedSpecificationTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    /// <summary>Scripts with what differs in written code: numbers of types, tables of branches, protected regions, several results, generic methods.</summary>
    static readonly string[] Telling =
    [
        "3.0/call_indirect", "3.0/return_call_indirect", "3.0/br_table", "3.0/exceptions/try_table", "3.0/gc/ref_cast", "3.0/gc/array",
        "3.0/simd/simd_splat", "3.0/func", "3.0/memory64/memory64", "3.0/type-equivalence",
    ];

    public static IEnumerable<TheoryDataRow<string>> Few() => Specification.Rows(Telling.Contains);

    public static IEnumerable<TheoryDataRow<string>> All() => Specification.Rows(_ => true);

    [Theory]
    [MemberData(nameof(Few))]
    public void Holds(string script) => Check(script);

    [Theory(Explicit = true)]
    [MemberData(nameof(All))]
    public void All_hold(string script) => Check(script);

    void Check(string script)
    {
        using var world = new CacheWorld();
        Specification.Check(script, new SuiteTally(), new CompileOptions { Cache = world.Open() });
        var cache = world.Open();
        Specification.Check(script, suite, new CompileOptions { Cache = cache });
        Assert.Equal(0, cache.Misses);
        Assert.Empty(world.Problems);
    }
}
