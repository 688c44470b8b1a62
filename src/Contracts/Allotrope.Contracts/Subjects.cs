namespace Allotrope.Contracts;

/// <summary>Every subject and bucket that modules and clients meet on, with the module that serves it.</summary>
public static class Subjects
{
    /// <summary>Ledger. <see cref="SignedBlueprint"/> → <see cref="ContractReceipt"/>.</summary>
    public const string BlueprintPut = "blueprint.put";

    /// <summary>Ledger. <see cref="SignedRemoval"/> → <see cref="ContractReceipt"/>.</summary>
    public const string BlueprintDelete = "blueprint.delete";

    /// <summary>Ledger. <see cref="NameRequest"/> → <see cref="AdmittedBlueprint"/>: the newest revision of one blueprint.</summary>
    public const string BlueprintGet = "blueprint.get";

    /// <summary>Planner. Empty request → <see cref="BlueprintList"/>.</summary>
    public const string BlueprintList = "blueprint.list";

    /// <summary>Planner. <see cref="NameRequest"/> → <see cref="BlueprintStatus"/>.</summary>
    public const string BlueprintStatus = "blueprint.status";

    /// <summary>
    /// Planner. <see cref="FollowRequest"/> → <see cref="BlueprintProgress"/>, answered when the status changes or the wait is over: a caller
    /// asks again with the change it was given until it likes the state, and never polls. Give the request a timeout beyond the wait.
    /// </summary>
    public const string BlueprintFollow = "blueprint.follow";

    /// <summary>Actors. <see cref="ArtifactQuery"/> → <see cref="ArtifactPresence"/>.</summary>
    public const string ArtifactHas = "artifact.has";

    /// <summary>Actors. The artifact's bytes as payload → <see cref="ArtifactPresence"/> with the digest under which it is now kept.</summary>
    public const string ArtifactPut = "artifact.put";

    /// <summary>Actors. <see cref="LogQuery"/> → <see cref="LogPage"/>, the newest lines kept.</summary>
    public const string LogsRead = "logs.read";

    /// <summary>Actors. Published as <see cref="LogLine"/> by who has something to say of a workload that does not say it itself: kept with the workload's own lines.</summary>
    public const string LogsWrite = "logs.write";

    /// <summary>
    /// Actors. <see cref="ProfileRequest"/> → <see cref="ProfileResult"/>, answered when the time to look is over: give the request a timeout beyond it.
    /// </summary>
    public const string ActorProfile = "actor.profile";

    /// <summary>Arteries. Empty request → <see cref="ZoneStatusList"/>.</summary>
    public const string ZoneStatus = "zone.status";

    /// <summary>
    /// Arteries. <see cref="ZoneKey"/> → empty: gives the node the key of a zone, to be kept in its secrets. Only the owner of the node reaches the bus.
    /// </summary>
    public const string ZoneKeyPut = "zone.key.put";

    /// <summary>Arteries. <see cref="IntentRecord"/> → empty: says an intent in the zone as origin <c>core</c>.</summary>
    public const string IntentSend = "intent.send";

    /// <summary>Published for every intent of a zone while somebody subscribes, as <see cref="IntentRecord"/>.</summary>
    public static string IntentTail(string zone) => $"intent.tail.{zone}";

    /// <summary>
    /// Planner, for actors; <c>*</c> for all zones. <see cref="NameRequest"/> → empty: asks to start that service of the zone again, because it has
    /// flat-lined. What does not run here is NotFound.
    /// </summary>
    public static string ServiceRestart(string zone) => $"service.restart.{zone}";

    /// <summary>Published for every line a workload logs, as <see cref="LogLine"/>: <c>log.{workload}</c>.</summary>
    public static string Log(string workload) => $"log.{workload}";

    /// <summary>Served by whatever runs the workload, an actor or a provider. <see cref="Invocation"/> → <see cref="InvocationResult"/>.</summary>
    public static string Invoke(string workload) => $"workload.{workload}.invoke";

    /// <summary>
    /// Served for a component that handles HTTP. <see cref="HttpRequestHead"/> → <see cref="HttpResponseHead"/>, each followed by its body as the message's
    /// stream. Give it all the time it wants: a component that says nothing for too long is ended by who runs it.
    /// </summary>
    public static string Http(string workload) => $"workload.{workload}.http";

    /// <summary>Served by a key-value provider, for components. <see cref="KeyValueCall"/> → <see cref="KeyValueReply"/>.</summary>
    public static string KeyValue(string workload) => $"workload.{workload}.keyvalue";

    /// <summary>Served by a blobstore provider, for components. <see cref="BlobCall"/> → <see cref="BlobReply"/>.</summary>
    public static string Blobs(string workload) => $"workload.{workload}.blobs";

    /// <summary>Published by the components that are linked to a messaging provider: <see cref="BrokerMessage"/>.</summary>
    /// <param name="subject">As components call it; with wildcards to subscribe.</param>
    public static string Topic(string provider, string subject) => $"messages.{provider}.{subject}";

    /// <summary>Where a component that made a request through a messaging provider awaits the <see cref="BrokerMessage"/> that answers it.</summary>
    public static string Replies(string provider, string request) => $"replies.{provider}.{request}";

    /// <summary>Served for a component that handles messages. <see cref="MessageDelivery"/> → <see cref="MessageOutcome"/>. Give it all the time it wants.</summary>
    public static string Handle(string workload) => $"workload.{workload}.handle";

    /// <summary>Served for a component that watches a key-value store. <see cref="KeyValueChange"/> → <see cref="MessageOutcome"/>. Give it all the time it wants.</summary>
    public static string Change(string workload) => $"workload.{workload}.change";

    /// <summary>Served for a component, for those on other nodes that are linked to it. <see cref="FunctionCall"/> → <see cref="FunctionReply"/>.</summary>
    public static string Function(string workload) => $"workload.{workload}.function";
}

/// <summary>The buckets of a node.</summary>
public static class Buckets
{
    /// <summary>Written by the Planner, watched by modules. Key <c>{node}.{workload}</c>, value <see cref="Assignment"/>.</summary>
    public const string Assignments = "assignments";

    /// <summary>Written by modules, watched by the Planner. Key <c>{node}.{workload}</c>, value <see cref="WorkloadStatus"/>.</summary>
    public const string Status = "status";
}

/// <summary>The streams of the record.</summary>
public static class Streams
{
    /// <summary>The ledger: admitted blueprint revisions and removals as <see cref="LedgerEntry"/>, hash-chained.</summary>
    public const string Contracts = "contracts";
}
