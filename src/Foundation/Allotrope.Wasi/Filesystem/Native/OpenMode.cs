using System.Runtime.InteropServices;

namespace Allotrope.Wasi.Filesystem;

/// <summary>Flags of open(2). Four of them differ between processors.</summary>
static class OpenMode
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, NoTerminal = 0x100, Truncate = 0x200, Append = 0x400,
        NonBlocking = 0x800, DataSync = 0x1000, CloseOnExec = 0x80000, Sync = 0x101000, PathOnly = 0x200000;

    static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;
}
