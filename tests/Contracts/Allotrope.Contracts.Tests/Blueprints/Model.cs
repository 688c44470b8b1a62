using System.Text.Json;

namespace Allotrope.Contracts.Tests;

/// <summary>Compares models by everything in them, independently of the canonical form.</summary>
static class Model
{
    public static string Text(Blueprint blueprint) => JsonSerializer.Serialize(blueprint);
}
