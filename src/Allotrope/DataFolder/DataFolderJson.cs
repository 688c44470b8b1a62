using System.Text.Json.Serialization;

namespace Allotrope.DataFolder;

/// <summary>The JSON files of a data folder, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TenantFile))]
sealed partial class DataFolderJson : JsonSerializerContext;
