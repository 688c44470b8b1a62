namespace Allotrope.Wasm.Tests.Differential;

/// <summary>The type of a value in a generated module; <paramref name="Index"/> is that of a defined type, or -1.</summary>
readonly record struct Ty(ValueKind Kind, int Index = -1, bool Nullable = true)
{
    public bool IsReference => Kind is >= ValueKind.ExnRef and <= ValueKind.NoExnRef;

    /// <summary>Whether variables of it have a first value.</summary>
    public bool HasDefault => !IsReference || Nullable;

    /// <summary>Whether it passes between JavaScript and WebAssembly unchanged.</summary>
    public bool IsNumber => Kind is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64;

    public static implicit operator Ty(ValueKind kind) => new(kind);
}

/// <summary>A field of a struct or the elements of an array; <paramref name="Packed"/> is the code of i8 or i16, or 0.</summary>
readonly record struct FieldDef(Ty Type, bool Mutable, int Packed = 0);

/// <summary>A type that a generated module defines.</summary>
abstract record TypeDef(int Super, bool Open)
{
    public sealed record Function(Ty[] Parameters, Ty[] Results, bool Open = false) : TypeDef(-1, Open);

    public sealed record Struct(FieldDef[] Fields, int Super, bool Open) : TypeDef(Super, Open);

    public sealed record Array(FieldDef Element, bool Open = false) : TypeDef(-1, Open);
}

/// <summary>A function of a generated module: where it comes from and what it is for.</summary>
sealed record FunctionDef(int Type, FunctionRole Role, int Callee = -1);

enum FunctionRole { Import, Body, Entry, Dump }

sealed record MemoryDef(bool Wide, int Minimum, int Maximum);

sealed record TableDef(Ty Element, bool Wide, int Minimum, int Maximum);

sealed record GlobalDef(Ty Type, bool Mutable, string? Export);

sealed record DataDef(int Memory, int? Offset, byte[] Bytes);

sealed record ElementDef(int Table, int? Offset, int[] Functions);

/// <summary>What modules may use, depending on what the other engine knows.</summary>
[Flags]
enum Features
{
    None = 0,
    TailCalls = 1,
    Exceptions = 2,
    Heap = 4,
    Memory64 = 8,
    SeveralMemories = 16,
    Atomics = 32,
    Everything = 63,
}
