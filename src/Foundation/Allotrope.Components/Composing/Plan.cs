namespace Allotrope.Components;

/// <summary>How a composition is made: its components, each behind those it needs.</summary>
sealed record Plan(IReadOnlyList<PlannedPart> Parts);

/// <summary>A component of a composition.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Component">The component.</param>
/// <param name="Host">What it imports of the host; null when that was not asked.</param>
/// <param name="Given">What it imports of others: whose export, and which.</param>
sealed record PlannedPart(string Name, Component Component, LinkedImports? Host, IReadOnlyDictionary<string, (string From, string Export)> Given);
