namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The official tests in each of the memory modes. By default they run in the one that the machine allows, which is mostly guard pages.</summary>
public sealed class MemoryModeTests(SuiteTally suite) : IClassFixture<SuiteTally>
{
    public static IEnumerable<TheoryDataRow<string>> OfMemory() => Specification.Rows(Specification.IsOfMemory);

    public static IEnumerable<TheoryDataRow<string>> OfAllElse() => Specification.Rows(script => !Specification.IsOfMemory(script));

    [Theory]
    [MemberData(nameof(OfMemory))]
    public void Holds_with_explicit_checks(string script) => Specification.Check(script, suite, new() { MemoryChecks = MemoryChecks.Explicit });

    [Theory(Explicit = true)]
    [MemberData(nameof(OfAllElse))]
    public void The_rest_holds_with_explicit_checks_too(string script) => Holds_with_explicit_checks(script);

    [Theory(Explicit = true)]
    [MemberData(nameof(OfMemory))]
    [MemberData(nameof(OfAllElse))]
    public void Holds_with_guard_pages(string script) => Specification.Check(script, suite, GuardPages.Guarded.Options);
}
