using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What something that can be waited for tells.</summary>
enum EventCode
{
    None = 0,
    Subtask = 1,
    StreamRead = 2,
    StreamWrite = 3,
    FutureRead = 4,
    FutureWrite = 5,
    TaskCancelled = 6,
}

/// <summary>Something that has happened.</summary>
/// <param name="Code">What.</param>
/// <param name="Index">The handle of what it happened to.</param>
/// <param name="Payload">What came of it.</param>
readonly record struct WaitEvent(EventCode Code, uint Index, uint Payload)
{
    internal static WaitEvent None => default;

    /// <summary>The task is to end.</summary>
    internal static WaitEvent Cancelled => new(EventCode.TaskCancelled, 0, 0);

    /// <summary>As a callback takes it.</summary>
    internal Value[] ToValues() => [Value.FromInt32((int)Code), Value.FromInt32((int)Index), Value.FromInt32((int)Payload)];
}
