using System.Runtime.InteropServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Vectors on lesser processors: this program runs its tests of vectors again, with instruction sets switched off.</summary>
public sealed class ProcessorTests
{
    static readonly string[] Classes = ["VectorSpecificationTests", "VectorTests", "RelaxedVectorTests", "FrameTests"];

    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX")]
    [InlineData("EnableSSE42")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Vectors_hold_without(string instructionSet)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Skip("The instruction sets are those of x64.");
        await OwnProcess.RunClassesAsync(Classes, new Dictionary<string, string> { [$"DOTNET_{instructionSet}"] = "0" });
    }
}
