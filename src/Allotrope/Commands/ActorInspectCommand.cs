using System.CommandLine;
using Allotrope.Actors;
using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>What <c>actor inspect --json</c> prints.</summary>
/// <param name="ClaimsProblem">Why the claims cannot be relied on; then they are absent.</param>
/// <param name="Signals">With <c>--signals</c>.</param>
sealed record InspectionLine(
    string File, string Digest, int Bytes, ClaimsLine? Claims, string? ClaimsProblem, ActorMemory? Memory,
    IReadOnlyList<ActorImport> Imports, IReadOnlyList<ActorExport> Exports, SignalsLine? Signals);

sealed record ClaimsLine(
    string Module, string Issuer, string Name, string Version, int Revision, string CallAlias, IReadOnlyList<string> Capabilities,
    IReadOnlyList<string> Tags, DateTimeOffset? IssuedAt, DateTimeOffset? Expires)
{
    public static ClaimsLine Of(ActorClaims claims) => new(
        claims.Module.ToString(), claims.Issuer.ToString(), claims.Description.Name, claims.Description.Version, claims.Description.Revision,
        claims.Description.CallAlias, claims.Description.Capabilities, claims.Description.Tags, claims.IssuedAt, claims.Expires);
}

/// <summary><c>allot actor inspect &lt;file.wasm&gt;</c>: claims, imports, exports and size of an actor, or of a component what grants its imports.</summary>
static class ActorInspectCommand
{
    const double KiB = 1024;
    const double PageKiB = 64;

    static readonly Argument<FileInfo> Wasm = new("file") { Description = "The actor or component, a WebAssembly file" };

    static readonly Option<bool> Signals = new("--signals") { Description = "Show also what each export may do: imports it reaches, bounds of its run, ways to trap" };

    public static Command Create() => new Command("inspect", "Show an actor's claims, imports, exports and size, or what grants a component its imports") { Wasm, Signals }.Runs(async (parsed, session) =>
    {
        var file = parsed.GetRequiredValue(Wasm);
        var bytes = await ReadAsync(file, session.Stop);
        if (Components.Component.IsComponent(bytes))
        {
            if (parsed.GetValue(Signals))
                throw new FaultException(new Fault.Invalid("--signals",
                    $"{file.Name} is a component, and what calls may do is proved of the single module of an actor: leave out --signals."));
            var component = ComponentInspection.Of(bytes);
            session.Output.Object(ComponentInspectionLine.Of(file.FullName, component), CommandsJson.Default.ComponentInspectionLine);
            ComponentInspectionLine.Show(component, session.Output);
            return;
        }
        var seen = ActorInspection.Of(bytes, session.Time);
        var signals = parsed.GetValue(Signals) ? SignalsLine.Of(bytes) : null;
        session.Output.Object(
            new InspectionLine(file.FullName, seen.Digest, seen.Bytes, seen.Claims is null ? null : ClaimsLine.Of(seen.Claims), seen.ClaimsProblem, seen.Memory,
                seen.Imports, seen.Exports, signals), CommandsJson.Default.InspectionLine);
        Show(seen, session.Output);
        signals?.Show(session.Output);
    });

    /// <exception cref="FaultException"><see cref="Fault.NotFound"/> when there is no such file.</exception>
    public static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken stop) => file.Exists
        ? await File.ReadAllBytesAsync(file.FullName, stop)
        : throw new FaultException(new Fault.NotFound($"There is no file {file.FullName}."));

    static void Show(ActorInspection seen, Output output)
    {
        output.Line($"size      {seen.Bytes / KiB:0.0} KiB, {seen.Digest}");
        if (seen.Claims is { } claims)
        {
            var said = claims.Description;
            output.Line($"actor     {claims.Module}{(said.Name is "" ? "" : $" ({said.Name})")}");
            output.Line($"signed    by {claims.Issuer}{(claims.IssuedAt is { } at ? $" at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")}{(claims.Expires is { } end ? $", until {end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")}");
            output.Line($"version   {(said.Version is "" ? "-" : said.Version)}, revision {said.Revision}{(said.CallAlias is "" ? "" : $", alias {said.CallAlias}")}");
            output.Line($"may use   {(said.Capabilities.Count == 0 ? "nothing" : string.Join(", ", said.Capabilities))}");
            if (said.Tags.Count > 0)
                output.Line($"tags      {string.Join(", ", said.Tags)}");
        }
        else
            output.Line($"claims    none to rely on: {seen.ClaimsProblem}");
        output.Line(seen.Memory is { } memory
            ? $"memory    {memory.MinimumPages * PageKiB:0} KiB{(memory.MaximumPages is { } most ? $" to {most * PageKiB:0} KiB" : ", grows to the node's limit")}"
            : "memory    none");
        output.Table(["IMPORT", "TYPE", "OFFERED"], seen.Imports.Select(import => (string[])[$"{import.Module}.{import.Name}", import.Type, import.Offered ? "yes" : "no"]));
        output.Table(["EXPORT", "TYPE"], seen.Exports.Select(export => (string[])[export.Name, export.Type]));
    }
}
