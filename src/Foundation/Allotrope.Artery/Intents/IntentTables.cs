namespace Allotrope.Artery;

/// <summary>What was interned in one direction of a link, as its reader keeps it. One batch is read at a time.</summary>
public sealed class IntentReadTables
{
    internal ReadTable<string> Names { get; } = new();

    internal ReadTable<Origin> Origins { get; } = new();
}

/// <summary>What was interned in one direction of a link, as its writer keeps it.</summary>
public sealed class IntentWriteTables
{
    internal WriteTable<string> Names { get; } = new();

    internal WriteTable<Origin> Origins { get; } = new();
}
