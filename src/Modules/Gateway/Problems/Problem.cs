using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Allotrope.Kernel;

namespace Allotrope.Gateway;

/// <summary>
/// What a client is told when a request has no answer: problem details of RFC 9457 with two members of our own, the hop that failed and what
/// to do next. Says nothing of the actor's inside: that goes to its log.
/// </summary>
/// <param name="Status">The HTTP status, repeated in the body as the standard asks.</param>
/// <param name="Hop">Which step of the way failed: <c>client -> gateway</c>, <c>gateway</c>, or <c>gateway -> {workload}</c>.</param>
/// <param name="Next">What the reader can do about it.</param>
sealed record Problem(int Status, string Title, string Detail, string Hop, string Next)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "about:blank";

    public static readonly Problem NoRoute = new(404, "Not Found", "No actor on this node answers this host and path.", "gateway",
        "Check the address; `allot status` shows every route, and a blueprint adds one by linking an actor to the HTTP server.");

    public static readonly Problem Busy = new(503, "Service Unavailable",
        "The bodies of the requests under way take all the memory set aside for them.", "gateway", "Try again in a moment.");

    public static readonly Problem Broken = new(500, "Internal Server Error", "The gateway met an error of its own.", "gateway",
        "Try again; the node's log says more, and the operator may report it.");

    public static Problem BadRequest(int status, int bodyLength) => status switch
    {
        413 => new(413, "Content Too Large", $"The body is larger than the {bodyLength} bytes this node takes.", "client -> gateway",
            "Send less at once."),
        408 => new(408, "Request Timeout", "The body came too slowly.", "client -> gateway", "Send the request again over a faster connection."),
        _ => new(400, "Bad Request", "The body does not end where its headers say.", "client -> gateway", "Check the client that sent it."),
    };

    /// <summary>The actor failed: it reported an error, trapped, or its answer cannot be sent on.</summary>
    public static Problem BadAnswer(string workload) => new(502, "Bad Gateway", $"{workload} failed while answering.", To(workload),
        $"The operator finds the reason with `allot logs {workload}`.");

    public static Problem Of(Fault fault, string workload) => fault switch
    {
        Fault.Unreachable or Fault.NotFound => new(503, "Service Unavailable", $"{workload} is not running on this node.", To(workload),
            "Try again in a moment; the operator sees its state with `allot status`."),
        Fault.Exhausted => new(503, "Service Unavailable", $"{workload} has as many requests waiting as it may have.", To(workload),
            "Try again in a moment; more instances in its blueprint make room for more at once."),
        Fault.TimedOut => new(504, "Gateway Timeout", $"{workload} did not answer in the time it has.", To(workload),
            $"Try again; the operator finds out more with `allot logs {workload}`."),
        _ => BadAnswer(workload),
    };

    static string To(string workload) => $"gateway -> {workload}";
}

[JsonSerializable(typeof(Problem))]
sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>Leaves backquotes and arrows as they are: the body is read by people and is no part of a page.</summary>
    public static readonly ProblemJson Readable = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
