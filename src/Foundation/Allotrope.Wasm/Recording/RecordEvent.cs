namespace Allotrope.Wasm;

/// <summary>
/// What happens between a host and an instance, in order. Host and guest take turns: everything but <see cref="Import"/> and <see cref="Exit"/> is the
/// host's doing. The numbers are part of the format.
/// </summary>
enum RecordEvent : byte
{
    /// <summary>The recording is over.</summary>
    End = 0,

    /// <summary>The host calls a function of the instance: index, arguments.</summary>
    Enter = 1,

    /// <summary>That function is left: how (<see cref="RecordedOutcome"/>), and the fuel that is left.</summary>
    Exit = 2,

    /// <summary>The guest calls its host: index of the import, arguments.</summary>
    Import = 3,

    /// <summary>The host answers: how.</summary>
    Answer = 4,

    /// <summary>The host has written to a memory: its index, its pages, the bytes that changed.</summary>
    Memory = 5,

    /// <summary>The host has assigned to a global: its index, its value.</summary>
    Global = 6,

    /// <summary>The host has assigned to a table: its index, its size, the elements.</summary>
    Table = 7,

    /// <summary>The host has set the store's fuel.</summary>
    Fuel = 8,
}

/// <summary>How a function was left. The numbers are part of the format.</summary>
enum RecordedOutcome : byte
{
    /// <summary>Followed by the results.</summary>
    Returned = 0,

    /// <summary>Followed by the kind and the functions it came through.</summary>
    Trapped = 1,

    /// <summary>With a WebAssembly exception; followed by its tag and values.</summary>
    Threw = 2,

    /// <summary>With another exception of the host; followed by its type's name and its message.</summary>
    Failed = 3,

    /// <summary>By a host function, with the very exception that the last call of the guest within it was left with.</summary>
    PassedOn = 4,
}
