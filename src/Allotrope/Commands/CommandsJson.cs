using System.Text.Json.Serialization;

namespace Allotrope.Commands;

/// <summary>What commands print with <c>--json</c> beyond the records of the bus.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorLine))]
[JsonSerializable(typeof(EventLine))]
[JsonSerializable(typeof(DiffLine))]
[JsonSerializable(typeof(KeyLine))]
[JsonSerializable(typeof(InspectionLine))]
[JsonSerializable(typeof(ComponentInspectionLine))]
[JsonSerializable(typeof(LedgerLine))]
[JsonSerializable(typeof(ReplayLine))]
[JsonSerializable(typeof(WitLine))]
sealed partial class CommandsJson : JsonSerializerContext;

/// <param name="More">Further errors of the same document.</param>
sealed record ErrorLine(string Event, string Kind, string Message, int ExitCode, IReadOnlyList<string>? More = null);

/// <summary>One step of <c>up</c>, <c>apply</c>, <c>delete</c>, <c>new</c> or <c>dev</c>.</summary>
/// <param name="Event"><c>started</c>, <c>applied</c>, <c>progress</c>, <c>deployed</c>, <c>deleted</c>, <c>service</c> (a line that a service printed), <c>created</c>, <c>build</c> (a line that a build printed), <c>built</c>, <c>unbuilt</c>, <c>running</c>, <c>undeployed</c>, <c>ready</c> or <c>stopped</c>.</param>
/// <param name="Url">The first HTTP address.</param>
/// <param name="More">Further problems of the same document.</param>
sealed record EventLine(
    string Event,
    string? Blueprint = null,
    string? Version = null,
    long? Revision = null,
    string? Change = null,
    string? Message = null,
    string? Url = null,
    IReadOnlyList<string>? Urls = null,
    string? Node = null,
    string? Data = null,
    string? Service = null,
    IReadOnlyList<string>? More = null);
