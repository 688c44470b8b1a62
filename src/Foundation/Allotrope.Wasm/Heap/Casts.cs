using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// Whether a reference is of a type, as compiled code asks. Types of objects have their ancestors' ids in a list by depth, so that any supertype is
/// one look away, however deep the hierarchy is.
/// </summary>
static class Casts
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsPresent(object? value, bool nullable) => nullable || value is not null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsNull(object? value, bool nullable) => nullable && value is null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsI31(object? value, bool nullable) => value is I31 || (nullable && value is null);

    internal static bool IsEq(object? value, bool nullable) => value is GuestObject or I31 || (nullable && value is null);

    internal static bool IsStruct(object? value, bool nullable) => value is GuestStruct || (nullable && value is null);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsArray(object? value, bool nullable) => value is GuestArray || (nullable && value is null);

    /// <summary>Of something that is a struct or array or null: the code's types say so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsOfType(object? value, bool nullable, int id, int depth) =>
        value is null ? nullable : Unsafe.As<GuestObject>(value).Definition.Ancestors[depth] == id;

    /// <summary>Of anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsAnyOfType(object? value, bool nullable, int id, int depth) =>
        value is null ? nullable : value is GuestObject made && made.Definition.Ancestors[depth] == id;

    /// <summary>As <see cref="IsAnyOfType"/>, for types with more supertypes than every list has places for.</summary>
    internal static bool IsOfDeepType(object? value, bool nullable, int id, int depth) =>
        value is null ? nullable : value is GuestObject made && Has(made.Definition, id, depth);

    internal static bool IsFunctionOfType(object? value, bool nullable, int id, int depth) =>
        value is null ? nullable : value is Function function && Has(function.Type, id, depth);

    internal static bool Has(DefinedType type, int id, int depth) =>
        type.Ancestors is var ancestors && (uint)depth < (uint)ancestors.Length && ancestors[depth] == id;
}
