using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Vectors on lesser processors: this program runs its tests of vectors again, with instruction sets switched off.</summary>
public sealed class ProcessorTests
{
    /// <summary>Three processes of some seconds, on a machine that may be slow and busy.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    static readonly string[] Classes = ["VectorSpecificationTests", "VectorTests", "RelaxedVectorTests", "FrameTests"];

    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX")]
    [InlineData("EnableSSE42")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Vectors_hold_without(string instructionSet)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Skip("The instruction sets are those of x64.");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", .. Classes.SelectMany(name => new[] { "-class", $"*.{name}" })])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[$"DOTNET_{instructionSet}"] = "0";
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
