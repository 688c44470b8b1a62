using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>
/// The generated classes that structs are objects of. A class has the fields that its type adds to its supertype's, and extends that one's class: so
/// a field of a supertype is found in the same place of every subtype. Types whose fields are of the same widths share a class (which type an object
/// is of stands in the object), so modules need few. Classes are collectible and held weakly: they live as long as a type that uses them.
/// </summary>
static class StructShapes
{
    /// <summary>Classes in one collectible assembly, which goes when none of them is used any more.</summary>
    const int ClassesTogether = 64;

    static readonly ConstructorInfo RootConstructor =
        typeof(GuestStruct).GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, [typeof(DefinedType)])!;

    static readonly StructShape Root = new(RootConstructor, []);
    static readonly Lock Gate = new();
    static readonly Dictionary<(StructShape Parent, string Own), WeakReference<StructShape>> Known = [];
    static ModuleBuilder? _module;
    static int _assemblies;
    static int _classes;
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
        // The parent is in the class's ancestry, so it lives as long as what the key leads to; without that the key is swept.
        var key = (parent, string.Join(' ', classes.Select(field => field.Name)));
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
        // Each with a name of its own: code refers to an assembly by its name, and may use classes of several.
        if (_module is null || _classes == ClassesTogether)
            (_module, _classes) = (CodeAssembly.DefineModule($"WebAssemblyStructs{_assemblies++}"), 0);
        var builder = _module.DefineType($"Struct{_classes++}", TypeAttributes.Public, parent.Constructor.DeclaringType);
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
        return new StructShape(created.GetConstructor([typeof(DefinedType)])!, fields);
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
/// <param name="constructor">Takes the type.</param>
/// <param name="fields">All fields, the supertypes' first.</param>
sealed class StructShape(ConstructorInfo constructor, FieldInfo[] fields)
{
    internal ConstructorInfo Constructor { get; } = constructor;

    internal FieldInfo[] Fields { get; } = fields;

    /// <summary>Bytes of an object, roughly: its header, its type, and eight or sixteen for every field.</summary>
    internal int ObjectBytes { get; } = 24 + fields.Sum(field => field.FieldType == typeof(Vector128<byte>) ? 16 : 8);
}
