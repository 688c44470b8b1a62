using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>
/// The generated classes that structs are objects of. A class has the fields that its type adds to its supertype's, and extends that one's class: so
/// a field of a supertype is found in the same place of every subtype. Types whose fields are of the same widths share a class (which type an object
/// is of stands in the object), so modules need few. Classes are collectible and held weakly: they live as long as a type that uses them.
/// An assembly lives as long as any class in it or any that extends one of them, so the classes of one are equally far from the root: otherwise each
/// assembly could hang on an earlier one, and all there ever were on the newest.
/// </summary>
static class StructShapes
{
    /// <summary>Classes in one collectible assembly, which goes when none of them is used any more.</summary>
    const int ClassesTogether = 64;

    static readonly ConstructorInfo RootConstructor =
        typeof(GuestStruct).GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, [typeof(DefinedType)])!;

    static readonly StructShape Root = new(0, null, RootConstructor, []);
    static readonly Lock Gate = new();
    static readonly Dictionary<(long Parent, string Own), WeakReference<StructShape>> Known = [];

    /// <summary>By distance from the root, the assembly that takes more classes; held by its classes alone.</summary>
    static readonly List<WeakReference<ShapeAssembly>> Open = [];

    static long _shapes;
    static int _assemblies;
    static int _sweepAt = 256;

    /// <summary>The class for a type, made when first asked for.</summary>
    internal static StructShape Of(StructType type)
    {
        var parent = type.Supertype is StructType super ? super.Shape : Root;
        var own = type.Fields.AsSpan()[parent.Fields.Length..];
        if (own.IsEmpty)
            return parent;
        var classes = new Type[own.Length];
        for (var i = 0; i < own.Length; i++)
            classes[i] = own[i].ClrType;
        // By the number, which is never given out again: the key must not keep the parent.
        var key = (parent.Number, string.Join(' ', classes.Select(field => field.Name)));
        lock (Gate)
        {
            if (Known.TryGetValue(key, out var known) && known.TryGetTarget(out var shape))
                return shape;
            if (Known.Count >= _sweepAt)
                Sweep();
            shape = Create(parent, classes);
            Known[key] = new WeakReference<StructShape>(shape);
            return shape;
        }
    }

    static StructShape Create(StructShape parent, Type[] own)
    {
        var assembly = OpenAt(parent.Depth);
        var builder = assembly.Module.DefineType($"Struct{assembly.Classes++}", TypeAttributes.Public, parent.Constructor.DeclaringType);
        var constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(DefinedType)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, parent.Constructor);
        il.Emit(OpCodes.Ret);
        for (var i = 0; i < own.Length; i++)
            builder.DefineField($"f{parent.Fields.Length + i}", own[i], FieldAttributes.Public);
        var created = builder.CreateType();
        var fields = new FieldInfo[parent.Fields.Length + own.Length];
        parent.Fields.CopyTo(fields, 0);
        // All at once and in the order of their definition: looking each up by its name would look at all of them each time.
        var declared = created.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        Array.Sort(declared, static (one, other) => one.MetadataToken.CompareTo(other.MetadataToken));
        declared.CopyTo(fields, parent.Fields.Length);
        return new StructShape(++_shapes, assembly, created.GetConstructor([typeof(DefinedType)])!, fields) { Depth = parent.Depth + 1 };
    }

    static ShapeAssembly OpenAt(int depth)
    {
        if (depth == Open.Count)
            Open.Add(new(null!));
        if (Open[depth].TryGetTarget(out var open) && open.Classes < ClassesTogether)
            return open;
        // Each with a name of its own: code refers to an assembly by its name, and may use classes of several.
        open = new ShapeAssembly(CodeAssembly.DefineModule($"WebAssemblyStructs{_assemblies++}"));
        Open[depth].SetTarget(open);
        return open;
    }

    static void Sweep()
    {
        foreach (var (key, known) in Known)
        {
            if (!known.TryGetTarget(out _))
                Known.Remove(key);
        }

        _sweepAt = Math.Max(256, Known.Count * 2);
    }
}

/// <summary>A class of structs.</summary>
/// <param name="number">Its own for as long as the process lives.</param>
/// <param name="assembly">Where the class is.</param>
/// <param name="constructor">Takes the type.</param>
/// <param name="fields">All fields, the supertypes' first.</param>
sealed class StructShape(long number, ShapeAssembly? assembly, ConstructorInfo constructor, FieldInfo[] fields)
{
    internal long Number { get; } = number;

    internal ShapeAssembly? Assembly { get; } = assembly;

    /// <summary>Classes between it and the root, itself included.</summary>
    internal int Depth { get; init; }

    internal ConstructorInfo Constructor { get; } = constructor;

    internal FieldInfo[] Fields { get; } = fields;

    /// <summary>Bytes of an object, roughly: its header, its type, and eight or sixteen for every field.</summary>
    internal int ObjectBytes { get; } = 24 + fields.Sum(field => field.FieldType == typeof(Vector128<byte>) ? 16 : 8);
}

/// <summary>A collectible assembly of such classes.</summary>
sealed class ShapeAssembly(ModuleBuilder module)
{
    internal ModuleBuilder Module { get; } = module;

    internal int Classes { get; set; }
}
