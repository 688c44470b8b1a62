using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Instructions;

/// <summary>Relaxed instructions whose results are fixed: what they are, whatever the machine.</summary>
public sealed class RelaxedVectorTests
{
    static readonly CompileOptions Fixed = new() { Deterministic = true };

    [Fact]
    public void Multiplication_and_addition_round_twice()
    {
        var (factor, addend) = (1 + MathF.BitIncrement(0) + MathF.ScaleB(1, -12), -1 - MathF.ScaleB(1, -11));
        var vector = Vector128.Create(factor);
        var sum = Run("f32x4.relaxed_madd", vector.AsByte(), vector.AsByte(), Vector128.Create(addend).AsByte());
        Assert.Equal((vector * vector) + Vector128.Create(addend), sum.AsSingle());
        var difference = Run("f32x4.relaxed_nmadd", vector.AsByte(), vector.AsByte(), Vector128.Create(-addend).AsByte());
        Assert.Equal((-vector * vector) - Vector128.Create(addend), difference.AsSingle());
    }

    [Fact]
    public void Both_factors_of_a_dot_product_are_signed() =>
        Assert.Equal(
            Vector128.Create(2 * -3 * -100 * 2 + 1),
            Run("i32x4.relaxed_dot_i8x16_i7x16_add_s", Vector128.Create((sbyte)-3).AsByte(), Vector128.Create((sbyte)-100).AsByte(), Vector128.Create(1).AsByte()).AsInt32());

    [Fact]
    public void A_lane_is_selected_bit_by_bit() =>
        Assert.Equal(
            Vector128.Create(0x0F),
            Run("i32x4.relaxed_laneselect", Vector128.Create(0xFF).AsByte(), Vector128<byte>.Zero, Vector128.Create(0x0F).AsByte()).AsInt32());

    static Vector128<byte> Run(string instruction, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c)
    {
        var module = new ModuleText().Function("run", "v128,v128,v128->v128", $"local.get 0 local.get 1 local.get 2 {instruction}").Compile(Fixed);
        return new Linker().Instantiate(new Store(), module)
            .GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>>>("run")(a, b, c);
    }
}
