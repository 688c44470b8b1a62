namespace Allotrope.Contracts;

/// <summary>What an entry of the ledger does.</summary>
public static class EntryKind
{
    public const string Put = "blueprint.put";
    public const string Remove = "blueprint.remove";
}
