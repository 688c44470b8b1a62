using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Interpretation;

/// <summary>What holds of compiled guests holds of interpreted ones: this program runs its tests of guests again in that tier.</summary>
public sealed class InterpretedTests
{
    static readonly string[] Classes =
    [
        "CallTests", "TailCallTests", "ReferenceCallTests", "AllocationTests", "ExceptionTests", "HeapTests", "ControlTests", "MemoryTests",
        "WideMemoryTests", "SeveralMemoriesTests", "TableTests", "NumericTests", "VectorTests", "RelaxedVectorTests", "FuelTests", "DepthTests",
        "InterruptionTests", "ResourceTests", "HostLimitTests", "AtomicTests", "SharedMemoryTests", "TrapTests", "LinkTests", "StrayFunctionTests",
        "ConstantExpressionTests", "RotationTests", "RecorderTests", "ReplayTests",
    ];

    [Fact]
    public async Task The_tests_of_guests_hold_when_they_are_interpreted()
    {
        if (TierUnderTest.IsAnother) Assert.Skip("This is that run.");
        await OwnProcess.RunClassesAsync(Classes, new Dictionary<string, string> { [TierUnderTest.Variable] = nameof(Tier.Interpreted) });
    }

    [Fact]
    public async Task The_tests_of_guests_hold_when_functions_change_over()
    {
        if (TierUnderTest.IsAnother) Assert.Skip("This is that run.");
        string[] more = ["PauseTests", "LongWorkTests", "SnapshotTests", "DebugLineTests"];
        await OwnProcess.RunClassesAsync([.. Classes, .. more], new Dictionary<string, string> { [TierUnderTest.Variable] = TierUnderTest.ChangingOver });
    }
}
