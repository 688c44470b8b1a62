using Allotrope.Components.Wit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Allotrope.Wit.Generator;

/// <summary>Turns the WIT files among a project's AdditionalFiles into C# (docs/reference/wit-csharp.md).</summary>
[Generator(LanguageNames.CSharp)]
public sealed class WitGenerator : IIncrementalGenerator
{
    static readonly DiagnosticDescriptor Text = Descriptor("WIT001", "The WIT file is not well formed");
    static readonly DiagnosticDescriptor Meaning = Descriptor("WIT002", "A name in a WIT file refers to nothing it could");
    static readonly DiagnosticDescriptor NoCSharp = Descriptor("WIT003", "C# has no form for what a WIT file says");
    static readonly DiagnosticDescriptor NoFunction = Descriptor("WIT004", "An entry of Waits fits no function");

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".wit", StringComparison.OrdinalIgnoreCase))
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, cancellation) => WitFile.Of(pair.Left, pair.Right, cancellation))
            .Collect();
        var project = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => (
            Root: Property(options, "WitNamespace") ?? Property(options, "RootNamespace") ?? "",
            Folder: Property(options, "ProjectDir") ?? "",
            Features: Property(options, "WitFeatures") ?? ""));
        context.RegisterSourceOutput(files.Combine(project), static (output, input) => Write(output, [.. input.Left], input.Right.Root, input.Right.Folder, input.Right.Features));
    }

    static void Write(SourceProductionContext output, List<WitFile> files, string root, string folder, string features)
    {
        if (files.Count == 0)
            return;
        var waits = new Waits(files.SelectMany(file => WitFile.Words(file.Waits)));
        try
        {
            var resolution = WitResolution.Of(files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => WitSource.At(file.Path, file.Text, folder)), WitFeatures.Of(WitFile.Words(features)));
            foreach (var (name, text) in PackageCode.Of(resolution, RootOf, waits))
                output.AddSource(name, text);
            foreach (var entry in waits.Unused)
                output.ReportDiagnostic(Diagnostic.Create(NoFunction, Location.None, $"no function of the project's WIT files is `{entry}`, which Waits names: correct it (interface.function, interface.resource.function or interface.*), or remove it"));
        }
        catch (WitException e)
        {
            output.ReportDiagnostic(Diagnostic.Create(e.Kind == WitMistake.Text ? Text : Meaning, At(e.Position), e.Problem));
        }
        catch (NoCSharpException e)
        {
            output.ReportDiagnostic(Diagnostic.Create(NoCSharp, At(e.Position), e.Message));
        }

        string RootOf(WitPackage package)
        {
            var first = package.Interfaces.Concat<WitScope>(package.Worlds).Select(scope => scope.Head.Position.File).FirstOrDefault();
            return files.Find(file => file.Path == first)?.Namespace ?? root;
        }
    }

    static Location At(WitPosition position)
    {
        if (position.File is null)
            return Location.None;
        var place = new LinePosition(Math.Max(position.Line - 1, 0), Math.Max(position.Column - 1, 0));
        return Location.Create(position.File, default, new LinePositionSpan(place, place));
    }

    static string? Property(AnalyzerConfigOptionsProvider options, string name) =>
        options.GlobalOptions.TryGetValue("build_property." + name, out var value) && value.Length > 0 ? value : null;

    static DiagnosticDescriptor Descriptor(string id, string title) => new(id, title, "{0}", "WIT", DiagnosticSeverity.Error, isEnabledByDefault: true);
}

/// <summary>A WIT file and what the project says of it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Waits">Functions that may wait.</param>
/// <param name="Namespace">The namespace before its package's own; null for the project's.</param>
sealed record WitFile(string Path, string Text, string Waits, string? Namespace)
{
    internal static WitFile Of(AdditionalText file, AnalyzerConfigOptionsProvider provider, CancellationToken cancellation)
    {
        var options = provider.GetOptions(file);
        return new(file.Path, file.GetText(cancellation)?.ToString() ?? "", Metadata(options, "Waits") ?? "", Metadata(options, "Namespace"));
    }

    internal static IEnumerable<string> Words(string text) => text.Split([' ', '\t', '\r', '\n', ','], StringSplitOptions.RemoveEmptyEntries);

    static string? Metadata(AnalyzerConfigOptions options, string name) =>
        options.TryGetValue("build_metadata.AdditionalFiles." + name, out var value) && value.Length > 0 ? value : null;
}
