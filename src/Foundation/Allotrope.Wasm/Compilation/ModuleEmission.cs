using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>What the compilation of one function needs to know of its module.</summary>
sealed class ModuleEmission(
    ModuleImage image, FunctionFacts[] facts, CompileOptions options, MethodInfo?[] methods, TypeBuilder type, bool isWritten, CompiledModule? made = null)
{
    /// <summary>Frames up to this size fit the reserve below every guest; larger ones are asked for before they are made.</summary>
    const int LargeFrameBytes = 32 << 10;

    /// <summary>
    /// IL that a module may become, by its size. Real modules stay below eight times their size; what branches carry could make it hundreds.
    /// </summary>
    readonly long _mostIlBytes = (16L << 20) + (16L * image.Bytes.Length);

    /// <summary>
    /// Classes for structs that a module may need; each takes some hundred microseconds and a few KiB to make. Types with fields alike share one.
    /// </summary>
    const int MostShapes = 20_000;

    /// <summary>Metadata token of the first method of an assembly.</summary>
    internal const int FirstMethod = 0x0600_0001;

    /// <summary>Stands with the type's index added for the number of a type; too large for the short form of the instruction.</summary>
    internal const int Placeholder = 0x7000_0000;

    readonly HashSet<StructShape> _shapes = [];

    Dictionary<DefinedType, int> TypeIndices => field ??= Image.Types.Index().DistinctBy(type => type.Item).ToDictionary(type => type.Item, type => type.Index);

    long _ilBytes;

    internal ModuleImage Image { get; } = image;

    /// <summary>
    /// Whether traces shall tell the instruction: mostly only where it leads to a line of the source, as it costs some speed and code.
    /// </summary>
    internal bool NotesPlaces { get; } = DebugLines.AskFor(image, options);

    /// <summary>Where instructions are in the IL, by place in the code section; see <see cref="CodeMap"/>. Empty when places are not noted.</summary>
    internal byte[][] Maps { get; } = DebugLines.AskFor(image, options) ? new byte[facts.Length][] : [];

    internal FunctionFacts[] Facts { get; } = facts;

    /// <summary>Whether code looks whether it shall note its stack.</summary>
    internal bool Sampled { get; } = options.Sampled;

    /// <summary>Whether code counts its instructions.</summary>
    internal bool Fuel { get; } = options.Fuel;

    /// <summary>Whether loops that call nothing can be held, too.</summary>
    internal bool Pausable { get; } = options.Pausable;

    /// <summary>Whether instructions that leave the machine a choice give the same result on every machine.</summary>
    internal bool Deterministic { get; } = options.Deterministic;

    /// <summary>Whether the code lets faults in guard pages stop accesses to the memories that can have them.</summary>
    internal bool IsGuarded { get; } = options.MemoryChecks == MemoryChecks.Guarded;

    /// <summary>All methods in the order of their definition, which is that of their rows in the assembly.</summary>
    internal List<MethodBuilder> Defined { get; } = [];

    /// <summary>
    /// Metadata tokens of the methods that guests are called through, by position of the function. They are defined before all others.
    /// </summary>
    internal int[] Tokens => [.. Enumerable.Range(FirstMethod, methods.Length)];

    /// <summary>Up to which size RyuJIT optimises a method.</summary>
    internal MethodSize MethodLimit { get; } = options.MethodLimit;

    /// <inheritdoc cref="CompileOptions.SplitsAll"/>
    internal bool SplitsAll { get; } = options.SplitsAll;

    /// <summary>How many more methods the class may have.</summary>
    internal int SpareMethods { get; set; }

    /// <summary>A method for a part of the function at a position.</summary>
    internal MethodBuilder DefinePart(int position, Type[] parameters) =>
        ModuleCompiler.Define(type, this, $"{CompiledModule.PartPrefix}{Image.ImportedFunctions + position}", typeof(int), parameters);

    /// <summary>The method to call for a function that is not imported.</summary>
    internal MethodInfo MethodOf(int functionIndex) => methods[functionIndex - Image.ImportedFunctions] ??= made!.MethodOf(functionIndex);

    /// <summary>Which calls may be suspended; null when none.</summary>
    internal SuspendingCalls? Suspending { get; init; }

    /// <summary>The calls of the function at a position in which it may be suspended; null when there is none.</summary>
    internal SitePlan? SitePlanOf(int position) => Suspending?.Reaches(Image.ImportedFunctions + position) ?? false
        ? SitePlan.Of(Suspending, Image, Image.Bodies[position], Facts[position])
        : null;

    /// <summary>Signature of the function at a position in the code section.</summary>
    internal FunctionType TypeOf(int position) => Image.Functions[Image.ImportedFunctions + position];

    /// <summary>
    /// Whether a function may take much from the stack; known before it is compiled, since others call it by then. Every operand and every value
    /// that a branch carries may need a temporary in each .NET type, as <see cref="Frame"/> hands them out by type.
    /// </summary>
    internal bool HasLargeFrame(int position)
    {
        var function = Facts[position];
        var slots = sizeof(long) * (ValueKinds.Representations - 1) + (function.UsesVectors ? ValueKind.V128.SlotBytes : 0);
        var temporaries = slots * ((long)function.MaxOperands + function.MaxCarried);
        return FrameBytes(position, function.Locals.Sum(type => (long)type.Kind.SlotBytes) + temporaries) > LargeFrameBytes;
    }

    /// <summary>
    /// What a function takes from the stack, for practical purposes: a slot for every IL local and operand; the tuples of several results twice, as
    /// they are copied; and, since code too large to be optimised keeps everything there, one for every few bytes of code and what each vector
    /// instruction may keep.
    /// </summary>
    internal long FrameBytes(int position, long localBytes) =>
        FrameBytes(position, localBytes, Image.Bodies[position].End - Image.Bodies[position].Start);

    /// <summary>The same for some of the function's code; no instruction has less than a byte.</summary>
    internal long FrameBytes(int position, long localBytes, int codeBytes)
    {
        var function = Facts[position];
        var slot = (function.UsesVectors ? ValueKind.V128 : ValueKind.I64).SlotBytes;
        return localBytes + (slot * (Math.Min(function.MaxOperands, codeBytes) + (2L * function.TupleValues)))
            + ((long)VectorOperations.FrameBytes * Math.Min(function.VectorInstructions, codeBytes)) + codeBytes;
    }

    /// <summary>The class of a struct type's objects.</summary>
    /// <exception cref="InvalidModuleException">The module needs too many.</exception>
    internal StructShape ShapeOf(StructType type, FunctionBody body)
    {
        var shape = type.Shape;
        if (_shapes.Add(shape) && _shapes.Count > MostShapes)
            throw new InvalidModuleException($"the structs of the module have more than {MostShapes} layouts", body.Start);
        return shape;
    }

    /// <summary>Loads the number of a type, by which it is compared. It is another in every process.</summary>
    internal void LoadTypeId(ILGenerator il, DefinedType type)
    {
        if (!isWritten)
        {
            il.LoadInt32(type.Id);
            return;
        }

        var index = TypeIndices[type];
        il.Emit(OpCodes.Ldc_I4, Placeholder + index);
        if (il is not MeteringGenerator)
            TypeIds.Add((il, il.ILOffset - sizeof(int), index));
    }

    /// <summary>Where in the methods' code of a written module numbers of which of its types belong.</summary>
    internal List<(ILGenerator Method, int Offset, int Type)> TypeIds { get; } = [];

    /// <exception cref="InvalidModuleException">The functions together are too large.</exception>
    internal void Count(int ilBytes, FunctionBody body)
    {
        _ilBytes += ilBytes;
        if (_ilBytes > _mostIlBytes)
            throw new InvalidModuleException("the functions are too large: what their branches carry would fill many megabytes of code", body.Start);
    }

    /// <summary>The bits of a numeric global that never changes and is known from the module alone.</summary>
    internal long? ConstantOf(int globalIndex)
    {
        if (globalIndex < Image.ImportedGlobals || Image.Globals[globalIndex] is { Mutable: true } or { Type.Kind.IsNumber: false })
            return null;
        var initializer = Image.GlobalInitializers[globalIndex - Image.ImportedGlobals];
        return initializer.Single is null or Opcode.GlobalGet ? null : initializer.Operand;
    }
}
