using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>The compare of the stack pointer with <see cref="Guard.StackLimit"/>: the address of a local stands for the pointer.</summary>
static class EntryCheck
{
    /// <param name="il">Where to emit.</param>
    /// <param name="loadInstance">Emits the load of the instance.</param>
    /// <param name="marker">A local that nothing else uses.</param>
    /// <param name="spare">Bytes that must be left above the limit.</param>
    /// <param name="refused">Where to go when there is no room, or the guest must stop.</param>
    internal static void Emit(ILGenerator il, Action loadInstance, LocalBuilder marker, int spare, Label refused)
    {
        il.Emit(OpCodes.Ldloca, marker);
        il.Emit(OpCodes.Conv_U);
        if (spare > 0)
        {
            il.LoadNative(spare);
            il.Emit(OpCodes.Sub);
        }

        loadInstance();
        il.Emit(OpCodes.Ldfld, Members.InstanceGuard);
        // Read it again each time: a function whose tail call is to itself becomes a loop, out of which the load would be moved.
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldfld, Members.GuardStackLimit);
        il.Emit(OpCodes.Blt_Un, refused);
    }

    /// <summary>The place <c>refused</c>: throws, or goes on to <paramref name="entered"/>, behind the compare, when it was only for a while.</summary>
    internal static void EmitRefusal(ILGenerator il, Action loadInstance, int spare, Label entered)
    {
        il.LoadInt32(spare);
        loadInstance();
        il.Emit(OpCodes.Call, Members.GuardRefuse);
        il.Emit(OpCodes.Br, entered);
    }
}
