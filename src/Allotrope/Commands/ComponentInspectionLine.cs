using Allotrope.Actors;

namespace Allotrope.Commands;

/// <summary>What <c>actor inspect --json</c> prints of a component.</summary>
/// <param name="Exports">Interfaces and functions.</param>
sealed record ComponentInspectionLine(string File, string Digest, int Bytes, IReadOnlyList<ComponentImportLine> Imports, IReadOnlyList<string> Exports)
{
    const double KiB = 1024;

    public static ComponentInspectionLine Of(string file, ComponentInspection seen) =>
        new(file, seen.Digest, seen.Bytes, [.. seen.Imports.Select(import => new ComponentImportLine(import.Name, $"{import.Grant}", import.Provider))], seen.Exports);

    public static void Show(ComponentInspection seen, Output output)
    {
        output.Line($"size      {seen.Bytes / KiB:0.0} KiB, {seen.Digest}");
        output.Table(["IMPORT", "GRANTED BY"], seen.Imports.Select(import => (string[])[import.Name, GrantOf(import)]));
        output.Table(["EXPORT"], seen.Exports.Select(export => (string[])[export]));
    }

    static string GrantOf(ComponentImport import) => import.Grant switch
    {
        Grant.Everyone => "every component has it" + ReachOf(import.Name),
        Grant.Link => $"a link to {import.Provider}",
        Grant.Component => "a link to a component that exports it",
        _ => $"nothing: known are {string.Join(" and ", import.Versions)}",
    };

    /// <summary>Which of a blueprint's properties says what is to be reached by it.</summary>
    static string ReachOf(string import) =>
        import.StartsWith("wasi:filesystem/", StringComparison.Ordinal) ? ", and files in its `folders`"
        : import.StartsWith("wasi:sockets/", StringComparison.Ordinal) ? ", and reaches the peers that `connect` names"
        : import.StartsWith("wasi:http/outgoing-handler", StringComparison.Ordinal) ? ", and reaches the hosts that `hosts` names"
        : "";
}

/// <param name="Grant"><c>Everyone</c>, <c>Link</c> to a provider, <c>Component</c> (a link to one that exports it), or <c>OtherVersion</c>.</param>
/// <param name="Provider">The image of the provider to link to.</param>
sealed record ComponentImportLine(string Name, string Grant, string? Provider);
