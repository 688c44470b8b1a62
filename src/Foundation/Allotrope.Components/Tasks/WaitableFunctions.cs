using System.Buffers.Binary;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The functions for waiting (Canonical ABI, <c>waitable-set.*</c>, <c>waitable.join</c> and <c>subtask.*</c>).</summary>
static class WaitableFunctions
{
    internal static ValueCall Create(InstanceState instance, Definition.BuiltIn definition) => definition.Intrinsic switch
    {
        Intrinsic.WaitableSetNew => (_, _, results) =>
        {
            instance.RequireMayLeave();
            results[0] = Value.FromInt32((int)instance.Handles.AddHeavy(new WaitableSet(), WaitableSet.Elements));
        },
        Intrinsic.WaitableSetWait => (caller, arguments, results) => results[0] = Wait(instance, definition, new(caller, definition.CoreType), arguments),
        Intrinsic.WaitableSetPoll => (_, arguments, results) => results[0] = Poll(instance, definition, arguments),
        Intrinsic.WaitableSetDrop => (_, arguments, _) =>
        {
            instance.RequireMayLeave();
            SetAt(instance, arguments[0]).RequireUnused();
            instance.Handles.RemoveHeavy((uint)arguments[0].AsInt32(), WaitableSet.Elements);
        },
        Intrinsic.WaitableJoin => (_, arguments, _) => Join(instance, arguments[0], arguments[1]),
        Intrinsic.SubtaskCancel => (caller, arguments, results) =>
        {
            instance.RequireMayLeave();
            results[0] = SubtaskAt(instance, arguments[0]).Cancel(instance, definition.Flag, new(caller, definition.CoreType));
        },
        _ => (_, arguments, _) =>
        {
            instance.RequireMayLeave();
            var subtask = SubtaskAt(instance, arguments[0]);
            subtask.RequireDelivered();
            subtask.Join(null);
            instance.Handles.RemoveHeavy((uint)arguments[0].AsInt32(), Subtask.Elements);
        },
    };

    static WaitableSet SetAt(InstanceState instance, Value index) => instance.Handles.Get<WaitableSet>((uint)index.AsInt32(), WaitableSet.Name);

    static Subtask SubtaskAt(InstanceState instance, Value index) => instance.Handles.Get<Subtask>((uint)index.AsInt32(), Subtask.Kind);

    static void Join(InstanceState instance, Value waitable, Value set)
    {
        instance.RequireMayLeave();
        var joining = instance.Handles.Get<Waitable>((uint)waitable.AsInt32(), Waitable.Name);
        joining.Join(set.AsInt32() == 0 ? null : SetAt(instance, set));
    }

    static Value Wait(InstanceState instance, Definition.BuiltIn definition, WaitSite site, ReadOnlySpan<Value> arguments)
    {
        instance.RequireMayLeave();
        var set = SetAt(instance, arguments[0]);
        var address = (ulong)Flat.FromValue(arguments[1]);
        set.Hold();
        return instance.RequireThread().WaitUntil(site, () => set.HasEvent, definition.Flag, isCancelled =>
        {
            set.Release();
            return Tell(instance, definition, address, isCancelled ? WaitEvent.Cancelled : set.Take());
        });
    }

    static Value Poll(InstanceState instance, Definition.BuiltIn definition, ReadOnlySpan<Value> arguments)
    {
        instance.RequireMayLeave();
        var set = SetAt(instance, arguments[0]);
        var isCancelled = instance.Current.Thread?.Task.TryDeliverCancellation(definition.Flag) ?? false;
        return Tell(instance, definition, (ulong)Flat.FromValue(arguments[1]), isCancelled ? WaitEvent.Cancelled : set.HasEvent ? set.Take() : WaitEvent.None);
    }

    /// <summary>Writes to the guest's memory what has happened, and gives its code.</summary>
    static Value Tell(InstanceState instance, Definition.BuiltIn definition, ulong address, WaitEvent happened)
    {
        var to = new AbiContext(instance, definition.Options, instance.Current).Bytes(address, 8, 4, "event pointer");
        BinaryPrimitives.WriteUInt32LittleEndian(to, happened.Index);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], happened.Payload);
        return Value.FromInt32((int)happened.Code);
    }
}
