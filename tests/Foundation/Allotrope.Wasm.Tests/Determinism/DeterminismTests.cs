using System.Runtime.InteropServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Determinism;

/// <summary>The same guests leave the same traces on processors with and without their instruction sets, in every tier and memory mode.</summary>
public sealed class DeterminismTests
{
    /// <summary>Where a process of ours writes what it found.</summary>
    const string Place = "ALLOTROPE_FINGERPRINT";

    static readonly (string Name, CompileOptions Options)[] Modes =
    [
        ("checked", new CompileOptions { Tier = Tier.Compiled, MemoryChecks = MemoryChecks.Explicit }),
        ("automatic", new CompileOptions { Tier = Tier.Compiled }),
        ("pausable", new CompileOptions { Tier = Tier.Compiled, Pausable = true }),
        ("interpreted", new CompileOptions { Tier = Tier.Interpreted }),
    ];

    static readonly Lazy<string> Here = new(() => Fingerprint.Of(Modes[0].Options));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_tiers_and_memory_modes_do_the_same(int mode) => Assert.Equal(Here.Value, Fingerprint.Of(Modes[mode].Options));

    [Fact]
    public void The_same_is_done_again() => Assert.Equal(Here.Value, Fingerprint.Of(Modes[0].Options));

    [Theory]
    [InlineData(TrapKind.FuelExhausted)]
    [InlineData(TrapKind.StackExhausted)]
    [InlineData(TrapKind.HeapExhausted)]
    [InlineData(TrapKind.MemoryOutOfBounds)]
    [InlineData(TrapKind.IntegerDivideByZero)]
    [InlineData(TrapKind.UninitializedElement)]
    public void The_guests_meet_what_could_differ(TrapKind kind) => Assert.Contains($" {kind} ", Fingerprint.LogOf(Modes[0].Options));

    /// <summary>What the processes below run; by itself it shows that nothing fails.</summary>
    [Fact]
    public void A_fingerprint_can_be_taken()
    {
        var all = string.Concat(Modes.Select(mode => Fingerprint.Of(mode.Options)));
        if (Environment.GetEnvironmentVariable(Place) is { } file)
            File.WriteAllText(file, all);
        Assert.NotEmpty(all);
    }

    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableAVX")]
    [InlineData("EnableSSE42")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Processors_do_the_same_without(string instructionSet)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Skip("The instruction sets are those of x64.");
        var file = Path.GetTempFileName();
        try
        {
            await OwnProcess.RunAsync(
                ["-method", $"*.{nameof(A_fingerprint_can_be_taken)}"],
                new Dictionary<string, string> { [$"DOTNET_{instructionSet}"] = "0", [Place] = file });
            Assert.Equal(
                string.Concat(Enumerable.Repeat(Here.Value, Modes.Length)), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
