using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Allotrope.Wit.Generator.Tests;

/// <summary>One run of the generator over WIT files that are given as text.</summary>
sealed record Generation(IReadOnlyDictionary<string, string> Files, IReadOnlyList<Diagnostic> Diagnostics, Compilation Output)
{
    /// <summary>A project of one file, <c>/project/wit/a.wit</c>.</summary>
    internal static Generation Of(string wit, string waits = "", string features = "") => Of([("/project/wit/a.wit", wit)], waits, features);

    internal static Generation Of((string Path, string Text)[] files, string waits = "", string features = "")
    {
        var options = new Options(waits, features);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var project = CSharpCompilation.Create("project", [], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var driver = CSharpGeneratorDriver.Create(
            [new WitGenerator().AsSourceGenerator()],
            [.. files.Select(file => (AdditionalText)new File(file.Path, file.Text))],
            new CSharpParseOptions(LanguageVersion.Latest),
            options);
        var result = driver.RunGeneratorsAndUpdateCompilation(project, out var output, out var diagnostics).GetRunResult();
        return new(result.Results[0].GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString()), diagnostics, output);
    }

    /// <summary>What the C# compiler has to say against what was generated.</summary>
    internal IEnumerable<string> CompilerErrors => Output.GetDiagnostics().Where(each => each.Severity == DiagnosticSeverity.Error).Select(each => $"{each}");

    internal string Text => string.Join("\n", Files.Values);

    sealed class File(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    sealed class Options(string waits, string features) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(new()
        {
            ["build_property.WitNamespace"] = "Made", ["build_property.ProjectDir"] = "/project/", ["build_property.WitFeatures"] = features,
        });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values(new() { ["build_metadata.AdditionalFiles.Waits"] = waits });
    }

    sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value)
        {
            var has = values.TryGetValue(key, out var found);
            value = found ?? "";
            return has;
        }
    }
}
