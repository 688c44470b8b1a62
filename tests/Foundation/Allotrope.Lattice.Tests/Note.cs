using System.Text.Json.Serialization;

namespace Allotrope.Lattice.Tests;

public sealed record Note(string Text);

[JsonSerializable(typeof(Note))]
public sealed partial class TestJson : JsonSerializerContext;
