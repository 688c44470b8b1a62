namespace Allotrope.Wasm;

/// <summary>Waiting and notifying, as compiled code calls them: the machine's address is checked by then.</summary>
static class Atomics
{
    internal static int Notify(nint address, int count, int memory, Instance instance) =>
        instance.Memories[memory].Waiters?.Notify(address, (uint)count) ?? 0;

    internal static int Wait32(nint address, int expected, long nanoseconds, int memory, Instance instance) =>
        Shared(instance, memory).Wait(address, () => AtomicCell.Load<int>(address) == expected, nanoseconds, instance.Guard);

    internal static int Wait64(nint address, long expected, long nanoseconds, int memory, Instance instance) =>
        Shared(instance, memory).Wait(address, () => AtomicCell.Load<long>(address) == expected, nanoseconds, instance.Guard);

    /// <summary>Nobody could end a wait in a memory that is not shared.</summary>
    static Waiters Shared(Instance instance, int memory) =>
        instance.Memories[memory].Waiters ?? throw new Trap(TrapKind.ExpectedSharedMemory);
}
