using System.Diagnostics;

namespace Allotrope.Wasm.Tests.Interpretation;

/// <summary>What holds of compiled guests holds of interpreted ones: this program runs its tests of guests again in that tier.</summary>
public sealed class InterpretedTests
{
    /// <summary>A process of some seconds, on a machine that may be slow and busy.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

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
        if (TierUnderTest.Value != Tier.Automatic) Assert.Skip("This is that run.");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", .. Classes.SelectMany(name => new[] { "-class", $"*.{name}" })])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[TierUnderTest.Variable] = nameof(Tier.Interpreted);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, output);
            Assert.DoesNotContain("Total: 0,", output);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
