namespace Allotrope.Kernel;

/// <summary>What a key stands for; the value is the nkey prefix byte, so that the text form begins with the role's letter.</summary>
public enum KeyRole : byte
{
    Account = 0 << 3,
    Cluster = 2 << 3,
    Module = 12 << 3,
    Node = 13 << 3,
    Operator = 14 << 3,
    User = 20 << 3,
    Provider = 21 << 3,
}
