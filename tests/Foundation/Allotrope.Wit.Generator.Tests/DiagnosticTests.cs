namespace Allotrope.Wit.Generator.Tests;

public class DiagnosticTests
{
    [Theory]
    [InlineData("package a:b;\ninterface x {\n  f: func() - u8;\n}", "WIT001", 3, 13)]
    [InlineData("package a:b;\ninterface x {\n  f: func(p: elsewhere);\n}", "WIT002", 3, 14)]
    [InlineData("package a:b;\ninterface x {\n  f: func(p: stream<u8>);\n}", "WIT003", 3, 11)]
    public void What_is_wrong_is_an_error_at_its_line_and_column(string wit, string id, int line, int column)
    {
        var error = Assert.Single(Generation.Of(wit).Diagnostics);
        Assert.Equal(id, error.Id);
        var place = error.Location.GetLineSpan();
        Assert.Equal(("/project/wit/a.wit", line, column), (place.Path, place.StartLinePosition.Line + 1, place.StartLinePosition.Character + 1));
    }

    [Fact]
    public void An_entry_of_Waits_that_fits_nothing_is_an_error() =>
        Assert.Contains("`clock.slep`", Assert.Single(Generation.Of("package a:b; interface clock { sleep: func(); now: func(); }", "clock.slep, clock.now").Diagnostics).GetMessage(), StringComparison.Ordinal);

    [Fact]
    public void Two_versions_of_a_package_cannot_have_one_namespace()
    {
        var generation = Generation.Of([("/project/wit/old/a.wit", "package a:b@1.0.0; interface x {}"), ("/project/wit/new/a.wit", "package a:b@2.0.0; interface x {}")]);
        Assert.Contains("would both be namespace Made.A.B", Assert.Single(generation.Diagnostics).GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_stand_for_ever_larger_types_are_an_error_and_not_a_large_file()
    {
        var doubled = string.Concat(Enumerable.Range(1, 40).Select(i => $"type t{i} = tuple<t{i - 1}, t{i - 1}>; "));
        var error = Assert.Single(Generation.Of($"package a:b; interface x {{ type t0 = string; {doubled} f: func(p: t40); }}").Diagnostics);
        Assert.Contains("more than 16384 letters", error.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_without_WIT_files_gets_nothing()
    {
        var generation = Generation.Of([]);
        Assert.Empty(generation.Files);
        Assert.Empty(generation.Diagnostics);
    }
}
