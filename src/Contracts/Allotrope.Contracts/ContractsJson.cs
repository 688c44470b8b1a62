using System.Text.Json.Serialization;

namespace Allotrope.Contracts;

/// <summary>The JSON form of everything that travels on the bus, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SignedBlueprint))]
[JsonSerializable(typeof(SignedRemoval))]
[JsonSerializable(typeof(ContractReceipt))]
[JsonSerializable(typeof(NameRequest))]
[JsonSerializable(typeof(AdmittedBlueprint))]
[JsonSerializable(typeof(BlueprintList))]
[JsonSerializable(typeof(BlueprintStatus))]
[JsonSerializable(typeof(FollowRequest))]
[JsonSerializable(typeof(BlueprintProgress))]
[JsonSerializable(typeof(ArtifactQuery))]
[JsonSerializable(typeof(ArtifactPresence))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(LogQuery))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(ProfileResult))]
[JsonSerializable(typeof(Assignment))]
[JsonSerializable(typeof(WorkloadStatus))]
[JsonSerializable(typeof(Invocation))]
[JsonSerializable(typeof(InvocationResult))]
[JsonSerializable(typeof(FunctionCall))]
[JsonSerializable(typeof(FunctionReply))]
[JsonSerializable(typeof(HttpRequestHead))]
[JsonSerializable(typeof(HttpResponseHead))]
[JsonSerializable(typeof(KeyValueCall))]
[JsonSerializable(typeof(KeyValueReply))]
[JsonSerializable(typeof(KeyValueChange))]
[JsonSerializable(typeof(BlobCall))]
[JsonSerializable(typeof(BlobOperation.Delete), TypeInfoPropertyName = "BlobDelete")] // other operations are called so too
[JsonSerializable(typeof(BlobOperation.List), TypeInfoPropertyName = "BlobList")]
[JsonSerializable(typeof(BlobReply))]
[JsonSerializable(typeof(BrokerMessage))]
[JsonSerializable(typeof(MessageDelivery))]
[JsonSerializable(typeof(MessageOutcome))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(ZoneManifest))]
[JsonSerializable(typeof(ZoneKey))]
[JsonSerializable(typeof(ZoneStatus))]
[JsonSerializable(typeof(ZoneStatusList))]
[JsonSerializable(typeof(IntentRecord))]
public sealed partial class ContractsJson : JsonSerializerContext;
