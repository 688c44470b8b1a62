using System.Globalization;
using Allotrope.Wasm;

namespace Allotrope.Commands;

/// <summary>What <c>actor inspect --signals --json</c> adds: what calls of the actor may do, proved from its file alone.</summary>
/// <param name="Schedule">The least predictable class of all exports: <c>bounded</c>, <c>host-bound</c> or <c>unbounded</c>.</param>
sealed record SignalsLine(string Schedule, IReadOnlyList<MemoryCeiling> Memories, IReadOnlyList<ExportLine> Exports)
{
    /// <summary>The node's host functions call nothing back and touch no table.</summary>
    public static SignalsLine Of(ReadOnlySpan<byte> wasm)
    {
        var analysis = ModuleAnalysis.Of(wasm, HostConduct.Plain);
        var all = analysis.Start is { } start ? analysis.Exports.Prepend(start with { Name = "(start)" }) : analysis.Exports;
        return new(
            ExportLine.Name(analysis.Schedule),
            [.. analysis.Memories.Select(memory => new MemoryCeiling(memory.MinimumPages, memory.MostPages))],
            [.. all.Select(ExportLine.Of)]);
    }

    public void Show(Output output)
    {
        output.Line($"schedule  {Schedule}, if the host calls nothing back");
        foreach (var memory in Memories)
            output.Line($"ceiling   memory of {memory.MinimumPages} pages {(memory.MostPages is { } most ? most == memory.MinimumPages ? "that never grows" : $"up to {most}" : "that grows to the node's limit")}");
        output.Table(
            ["CALL", "SCHEDULE", "INSTRUCTIONS", "DEPTH", "STACK BYTES", "PAGES GROWN", "IMPORTS", "TRAPS"],
            Exports.Select(export => (string[])[
                export.Export, export.Schedule, Number(export.MostInstructions), Number(export.MostDepth), Number(export.MostStackBytes), Number(export.MostPagesGrown),
                List(export.Imports), List(export.Traps)]));
        foreach (var export in Exports.Where(export => export.Unbounded is not null))
            output.Line($"{export.Export} has no bound because of {export.Unbounded}.");
    }

    static string Number(ulong? most) => most?.ToString("N0", CultureInfo.InvariantCulture) ?? "no bound";

    static string List(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}

/// <param name="MostPages">Pages of 64 KiB it never exceeds; absent when only the node's limit bounds it.</param>
sealed record MemoryCeiling(ulong MinimumPages, ulong? MostPages);

/// <param name="MostInstructions">Until it returns, without those of the host; absent when nothing is proved. So with the other ceilings.</param>
/// <param name="Imports">All that it may call.</param>
/// <param name="Unbounded">What keeps it from having a bound.</param>
sealed record ExportLine(
    string Export, string Schedule, ulong? MostInstructions, ulong? MostDepth, ulong? MostStackBytes, ulong? MostPagesGrown,
    IReadOnlyList<string> Imports, IReadOnlyList<string> Traps, bool CallsOutside, string? Unbounded)
{
    public static ExportLine Of(ExportSignals signals) => new(
        signals.Name, Name(signals.Schedule), signals.MostInstructions, signals.MostDepth, signals.MostStackBytes, signals.MostPagesGrown,
        [.. signals.Imports.Select(import => $"{import.Module}.{import.Name}")], [.. signals.Traps.Select(trap => $"{trap}")], signals.CallsOutside,
        signals.Unbounded?.ToString());

    public static string Name(ScheduleClass schedule) => schedule switch
    {
        ScheduleClass.Bounded => "bounded",
        ScheduleClass.HostBound => "host-bound",
        _ => "unbounded",
    };
}
