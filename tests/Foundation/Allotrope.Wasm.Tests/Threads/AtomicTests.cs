using Allotrope.Wasm.Tests.Assembly;
using Allotrope.Wasm.Tests.Instructions;

namespace Allotrope.Wasm.Tests.Threads;

/// <summary>What atomic instructions compute, on one thread.</summary>
public sealed class AtomicTests
{
    const ulong Before = 0x8877_6655_4433_2211;
    const long Operand = 0x0102_0304_8506_07F8;

    /// <summary>i32, i64, i32 of 8 and 16 bits, i64 of 8, 16 and 32 bits, in the order of the opcodes.</summary>
    static readonly (ValueKind Kind, int Bits)[] Accesses =
    [
        (ValueKind.I32, 32), (ValueKind.I64, 64), (ValueKind.I32, 8), (ValueKind.I32, 16), (ValueKind.I64, 8), (ValueKind.I64, 16), (ValueKind.I64, 32),
    ];

    static readonly (int First, Func<ulong, ulong, ulong> Compute)[] Operations =
    [
        (0x1e, (a, b) => a + b), (0x25, (a, b) => a - b), (0x2c, (a, b) => a & b), (0x33, (a, b) => a | b), (0x3a, (a, b) => a ^ b), (0x41, (_, b) => b),
    ];

    [Fact]
    public void An_operation_gives_what_was_there_and_changes_only_its_own_bytes()
    {
        foreach (var (first, compute) in Operations)
            foreach (var (index, (kind, bits)) in Accesses.Index())
            {
                var mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
                var (result, after) = Run($"atomic:{first + index:x}", kind, Operand);
                Assert.Equal((long)(Before & mask), kind == ValueKind.I32 ? (uint)result : result);
                Assert.Equal((Before & ~mask) | (compute(Before, (ulong)Operand) & mask), after);
            }
    }

    [Fact]
    public void Loads_widen_without_a_sign_and_stores_narrow()
    {
        foreach (var (index, (kind, bits)) in Accesses.Index())
        {
            var mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
            var (loaded, _) = Run($"atomic:{0x10 + index:x}", kind);
            Assert.Equal((long)(Before & mask), kind == ValueKind.I32 ? (uint)loaded : loaded);
            var (_, after) = Run($"atomic:{0x17 + index:x} {kind.Name}.const 0", kind, Operand);
            Assert.Equal((Before & ~mask) | ((ulong)Operand & mask), after);
        }
    }

    [Fact]
    public void An_exchange_happens_only_when_the_bits_of_the_access_are_as_expected()
    {
        foreach (var (index, (kind, bits)) in Accesses.Index())
        {
            var mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
            var (old, after) = Run($"atomic:{0x48 + index:x}", kind, (long)(Before & mask), Operand);
            Assert.Equal((long)(Before & mask), kind == ValueKind.I32 ? (uint)old : old);
            Assert.Equal((Before & ~mask) | ((ulong)Operand & mask), after);
            Assert.Equal(Before, Run($"atomic:{0x48 + index:x}", kind, (long)(Before & mask) ^ 1, Operand).After);
            Assert.Equal(after, Run($"atomic:{0x48 + index:x}", kind, unchecked((long)Before), Operand).After);
        }
    }

    [Theory]
    [InlineData("i32.const 2 atomic:10 drop", TrapKind.UnalignedAtomic)]
    [InlineData("i32.const 3 i64.const 0 atomic:23 drop", TrapKind.UnalignedAtomic)]
    [InlineData("i32.const 65536 atomic:10 drop", TrapKind.MemoryOutOfBounds)]
    [InlineData("i32.const -4 i32.const 1 atomic:1e drop", TrapKind.MemoryOutOfBounds)]
    [InlineData("i32.const 0 i32.const 0 i64.const 0 atomic:01 drop", TrapKind.ExpectedSharedMemory)]
    [InlineData("i32.const 2 i32.const 1 atomic:00 drop", TrapKind.UnalignedAtomic)]
    public void Accesses_are_inside_and_aligned(string code, TrapKind trap) =>
        Assert.Equal(trap, Guest.TrapOf(Guest.Start(new ModuleText().Memory(1).Function("run", "->", code)).GetFunction<Action>("run")));

    [Fact]
    public void In_a_memory_of_its_own_nobody_is_notified() =>
        Assert.Equal(0, Guest.Function<Func<int>>("->i32", "atomic:03 i32.const 0 i32.const 9 atomic:00")());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Another_alignment_than_the_natural_one_is_refused(byte alignment)
    {
        var binary = new ModuleText().Memory(1).Function("run", "->i32", "i32.const 0 atomic:10").Build();
        var at = binary.AsSpan().IndexOf([(byte)0xfe, (byte)0x10, (byte)2]);
        binary[at + 2] = alignment;
        Assert.Throws<InvalidModuleException>(() => Module.Compile(binary));
    }

    /// <summary>One instruction at address 8, where <see cref="Before"/> lies, with its result and what lies there afterwards.</summary>
    static (long Result, ulong After) Run(string instruction, ValueKind kind, params long[] operands)
    {
        var constants = string.Concat(operands.Select(value => $"{kind.Name}.const {(kind == ValueKind.I32 ? (int)value : value)} "));
        var words = instruction.Split(' ', 2);
        var code = $"i32.const 0 {constants} {words[0]} offset=8 {words.ElementAtOrDefault(1)}";
        var instance = Guest.Start(new ModuleText().Memory(1, export: "memory").Function("run", $"->{kind.Name}", code));
        var memory = instance.GetMemory("memory");
        memory.Write(8, Before);
        var results = new Value[1];
        instance.GetFunction("run").Invoke([], results);
        return (kind == ValueKind.I32 ? results[0].AsInt32() : results[0].AsInt64(), memory.Read<ulong>(8));
    }
}
