using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Allotrope.Wasm;

/// <summary>
/// Memories that need no bounds checks: so many addresses are reserved for each that whatever a 32-bit address and an offset lead to is either the
/// memory or belongs to nobody. A fault there becomes a .NET exception (<see cref="FaultHandler"/>) and that a trap (<see cref="HostFault"/>).
/// </summary>
static class GuardPages
{
    /// <summary>Addresses are told apart by GiB: a reservation begins at a multiple and shares none with anybody.</summary>
    internal const int GranuleBits = 30;

    internal const int Granule = 1 << GranuleBits;

    /// <summary>
    /// 4 GiB that addresses reach and 1 GiB for offsets, of which real code needs some MiB. The whole 4 GiB that an offset may have would need 9,
    /// and address spaces of 47 bits hold only so many: 26,000 memories this way.
    /// </summary>
    internal const ulong ReservedBytes = 5UL * Granule;

    /// <summary>Largest offset whose accesses stay in the reservation, whatever is before the memory in it; others are checked.</summary>
    internal const ulong FurthestOffset = Granule - (1 << 20);

    /// <summary>The name of the switch (in <c>runtimeconfig.json</c> or <see cref="AppContext"/>) that turns guard pages off when it is false.</summary>
    const string Switch = "Allotrope.Wasm.GuardPages";

    static readonly Lazy<bool> Available = new(Activate);

    /// <summary>Whether this process is there to try them.</summary>
    internal static bool IsTrial { get; set; }

    /// <summary>
    /// Whether this process has them. The first time it is asked, <see cref="FaultProbe"/> knows or finds out; if all went well there, the handler
    /// is installed.
    /// </summary>
    internal static bool AreAvailable => Available.Value;

    /// <summary>Whether faults are turned into exceptions by now.</summary>
    internal static bool AreActive => Available is { IsValueCreated: true, Value: true };

    /// <summary>The mode that a module's code is made for: never <see cref="MemoryChecks.Automatic"/>.</summary>
    /// <exception cref="PlatformNotSupportedException">Guard pages are demanded, and this process cannot have them.</exception>
    internal static MemoryChecks Choose(CompileOptions options, ModuleImage image)
    {
        var wanted = options.MemoryChecks;
        if (wanted == MemoryChecks.Explicit || image.Memories.TrueForAll(memory => memory.Limits.IsWide))
            return MemoryChecks.Explicit;
        // Of a fault only the statement is known, and others may have been moved into it.
        if (DebugLines.AskFor(image, options))
            return MemoryChecks.Explicit;
        if (AreAvailable)
            return MemoryChecks.Guarded;
        return wanted == MemoryChecks.Automatic ? MemoryChecks.Explicit : throw new PlatformNotSupportedException(
            $"{nameof(MemoryChecks)}.{nameof(MemoryChecks.Guarded)} needs an installed .NET on x64 Linux where faults in guard pages were seen to become "
            + $"exceptions; {nameof(MemoryChecks.Automatic)} checks addresses where it is not so");
    }

    static bool Activate() =>
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture == Architecture.X64
        && Sse3.IsSupported // what loads are made of
        && (!AppContext.TryGetSwitch(Switch, out var on) || on)
        && (IsTrial || FaultProbe.Succeeds())
        && FaultHandler.TryInstall();
}
