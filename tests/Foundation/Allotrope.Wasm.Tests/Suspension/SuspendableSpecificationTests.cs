using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Suspension;

/// <summary>The official tests with every call compiled as one in which the guest may be suspended.</summary>
public sealed class SuspendableSpecificationTests
{
    static readonly string[] Representative =
        ["call", "return_call", "loop", "br", "if", "try_table", "throw", "func", "local", "unwind", "linking", "stack", "memory_grow", "fac", "left-to-right"];

    static readonly CompileOptions Everywhere = new() { Suspendable = SuspendableImports.All, SuspendsAll = true };

    public static IEnumerable<TheoryDataRow<string>> Some() => Specification.Rows(IsRepresentative);

    public static IEnumerable<TheoryDataRow<string>> Others() => Specification.Rows(script => !IsRepresentative(script));

    [Theory]
    [MemberData(nameof(Some))]
    public void Holds(string script) => Specification.Check(script, suite: new(), Everywhere);

    [Theory(Explicit = true)]
    [MemberData(nameof(Others))]
    public void The_rest_holds_too(string script) => Holds(script);

    static bool IsRepresentative(string script) =>
        script.StartsWith("3.0/", StringComparison.Ordinal) && Representative.Contains(script[(script.LastIndexOf('/') + 1)..].Split('.')[0]);
}
