using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.GuardPages;

/// <summary>Guests whose accesses nothing checks but the processor.</summary>
static class Guarded
{
    /// <summary>Skips the test where there are no guard pages.</summary>
    public static CompileOptions Options
    {
        get
        {
            if (!Wasm.GuardPages.AreAvailable) Assert.Skip("Guard pages are for x64 Linux with an installed .NET.");
            return new() { MemoryChecks = MemoryChecks.Guarded };
        }
    }

    public static Instance Start(ModuleText module, Linker? linker = null) => (linker ?? new Linker()).Instantiate(new Store(), module.Compile(Options));
}
