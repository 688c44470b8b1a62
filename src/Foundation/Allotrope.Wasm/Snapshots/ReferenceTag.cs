namespace Allotrope.Wasm;

/// <summary>What sort of reference follows in a snapshot or record. The numbers are part of the format.</summary>
enum ReferenceTag : byte
{
    Null = 0,

    /// <summary>Followed by the number, its sign in the lowest bit.</summary>
    I31 = 1,

    /// <summary>Followed by its index in the instance.</summary>
    Function = 2,

    /// <summary>A struct, array or exception; followed by its number.</summary>
    Object = 3,

    /// <summary>An object of the host; followed by its number.</summary>
    Host = 4,

    /// <summary>What the host gave as an imported constant; followed by the index of the global.</summary>
    Import = 5,
}

/// <summary>What sort of object is described. The numbers are part of the format.</summary>
enum ObjectTag : byte
{
    Struct = 0,
    Array = 1,
    Exception = 2,
}
