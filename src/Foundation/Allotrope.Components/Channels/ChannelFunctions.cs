using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>The functions of streams and futures (Canonical ABI, <c>stream.*</c> and <c>future.*</c>).</summary>
static class ChannelFunctions
{
    internal static ValueCall Create(InstanceState instance, Definition.BuiltIn definition)
    {
        var type = (ChannelType)definition.Type!;
        var operation = type.IsFuture ? definition.Intrinsic - (Intrinsic.FutureNew - Intrinsic.StreamNew) : definition.Intrinsic;
        return operation switch
        {
            Intrinsic.StreamNew => (_, _, results) => results[0] = Value.FromInt64(Make(instance, type)),
            Intrinsic.StreamRead => (caller, arguments, results) => results[0] = Copy(instance, definition, type, isRead: true, arguments, new(caller, definition.CoreType)),
            Intrinsic.StreamWrite => (caller, arguments, results) => results[0] = Copy(instance, definition, type, isRead: false, arguments, new(caller, definition.CoreType)),
            Intrinsic.StreamCancelRead or Intrinsic.StreamCancelWrite => (caller, arguments, results) =>
                results[0] = EndAt(instance, type, operation == Intrinsic.StreamCancelRead, arguments[0]).Cancel(instance, definition.Flag, new(caller, definition.CoreType)),
            _ => (_, arguments, _) =>
            {
                EndAt(instance, type, operation == Intrinsic.StreamDropReadable, arguments[0]).Drop();
                instance.Handles.RemoveHeavy((uint)arguments[0].AsInt32(), ChannelEnd.Elements);
            },
        };
    }

    static ChannelEnd EndAt(InstanceState instance, ChannelType type, bool readable, Value index)
    {
        instance.RequireMayLeave();
        var end = instance.Handles.Get<ChannelEnd>((uint)index.AsInt32(), "an end of a stream or future");
        end.RequireType(type, instance, readable);
        return end;
    }

    /// <returns>The reading end's handle and, in the upper half, the writing one's.</returns>
    static long Make(InstanceState instance, ChannelType type)
    {
        instance.RequireMayLeave();
        var channel = Channel.Of(type, instance);
        var reading = instance.Handles.AddHeavy(new ChannelEnd(channel, type.IsFuture, isReadable: true), ChannelEnd.Elements);
        var writing = instance.Handles.AddHeavy(new ChannelEnd(channel, type.IsFuture, isReadable: false), ChannelEnd.Elements);
        return reading | ((long)writing << 32);
    }

    static Value Copy(InstanceState instance, Definition.BuiltIn definition, ChannelType type, bool isRead, ReadOnlySpan<Value> arguments, WaitSite site)
    {
        var end = EndAt(instance, type, isRead, arguments[0]);
        end.RequireIdle();
        if (!definition.Options.IsAsync)
            end.RequireNoSet();
        var length = type.IsFuture ? 1 : (ulong)Flat.FromValue(arguments[2]);
        var buffer = new CopyBuffer(instance, definition.Options, type.Element, (ulong)Flat.FromValue(arguments[1]), length);
        return end.Copy(instance, (uint)arguments[0].AsInt32(), buffer, definition.Options.IsAsync, site);
    }
}
