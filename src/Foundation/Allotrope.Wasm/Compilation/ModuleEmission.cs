using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>What the compilation of one function needs to know of its module.</summary>
sealed class ModuleEmission(ModuleImage image, FunctionFacts[] facts, bool fuel, MethodBuilder[] methods)
{
    /// <summary>Frames up to this size fit the reserve below every guest; larger ones are asked for before they are made.</summary>
    const int LargeFrameBytes = 32 << 10;

    internal ModuleImage Image { get; } = image;

    internal FunctionFacts[] Facts { get; } = facts;

    /// <summary>Whether code counts its instructions.</summary>
    internal bool Fuel { get; } = fuel;

    /// <summary>The method to call for a function that is not imported.</summary>
    internal MethodBuilder MethodOf(int functionIndex) => methods[functionIndex - Image.ImportedFunctions];

    /// <summary>Signature of the function at a position in the code section.</summary>
    internal FunctionType TypeOf(int position) => Image.Functions[Image.ImportedFunctions + position];

    /// <summary>
    /// An upper bound for practical purposes of what a function takes from the stack: a slot for every local and operand and,
    /// since code too large to be optimised keeps everything there, one for every few bytes of code.
    /// </summary>
    internal int FrameBytes(int position)
    {
        var (facts, body) = (Facts[position], Image.Bodies[position]);
        return (sizeof(long) * (facts.Locals.Length + (2 * facts.MaxOperands))) + (body.End - body.Start);
    }

    internal bool HasLargeFrame(int position) => FrameBytes(position) > LargeFrameBytes;

    /// <summary>The bits of a numeric global that never changes and is known from the module alone.</summary>
    internal long? ConstantOf(int globalIndex)
    {
        if (globalIndex < Image.ImportedGlobals || Image.Globals[globalIndex] is { Mutable: true } or { Kind.IsReference: true })
            return null;
        var initializer = Image.GlobalInitializers[globalIndex - Image.ImportedGlobals];
        return initializer.Opcode == Opcode.GlobalGet ? null : initializer.Operand;
    }
}
