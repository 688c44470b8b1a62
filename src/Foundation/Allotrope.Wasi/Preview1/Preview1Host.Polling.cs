using System.Buffers.Binary;
using Allotrope.Wasi.Clocks;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Preview1;

/// <summary>Waiting, without a thread.</summary>
public sealed partial class Preview1Host
{
    async ValueTask<ErrorNumber> PollOneOffAsync(GuestMemory memory, int input, int output, int count, int result)
    {
        if (count <= 0 || count > _state.Limits.Pollables)
            return ErrorNumber.Invalid;
        memory.Span((uint)output, (uint)count * Subscription.EventSize);
        memory.WriteInt32(result, 0);
        var subscriptions = new Subscription[count];
        for (var i = 0; i < count; i++)
            subscriptions[i] = Read(memory.Span((uint)input + (uint)i * Subscription.Size, Subscription.Size));
        var happened = Happened(subscriptions);
        if (happened.Length == 0)
            happened = await Polling.WaitAsync(Array.ConvertAll(subscriptions, each => each.Source!), () => Happened(subscriptions), _state.Stop);
        for (var i = 0; i < happened.Length; i++)
            happened[i].WriteEvent(memory.Span((uint)output + (uint)i * Subscription.EventSize, Subscription.EventSize));
        memory.WriteInt32(result, (uint)happened.Length);
        return ErrorNumber.Success;
    }

    static Subscription[] Happened(Subscription[] subscriptions) => Array.FindAll(subscriptions, each => each.HasHappened);

    Subscription Read(ReadOnlySpan<byte> bytes)
    {
        var user = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var kind = bytes[8];
        if (kind > 2)
            throw new Refusal(ErrorNumber.Invalid);
        return kind == 0 ? ReadClock(user, bytes) : ReadFile(user, kind, BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
    }

    Subscription ReadClock(ulong user, ReadOnlySpan<byte> bytes)
    {
        var clock = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        var timeout = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        var isAbsolute = (bytes[40] & 1) != 0;
        if (clock is not (Realtime or Monotonic))
            return new(user, 0, null, clock is 2 or 3 ? ErrorNumber.NotSupported : ErrorNumber.Invalid);
        var now = _state.Time.Nanoseconds();
        if (isAbsolute)
        {
            var clockNow = clock == Monotonic ? now : WallNanoseconds(_state.Time);
            timeout = timeout > clockNow ? timeout - clockNow : 0;
        }

        return new(user, 0, new Clocks.Timer(_state.Time, timeout > ulong.MaxValue - now ? ulong.MaxValue : now + timeout), ErrorNumber.Success);
    }

    Subscription ReadFile(ulong user, byte kind, int number)
    {
        try
        {
            var file = _files.With(number, Rights.PollReadWrite);
            IWaitable? source = kind == 1 ? file.Input : file.Output;
            if (source is not null)
                return new(user, kind, source, ErrorNumber.Success, 1);
            if (file.Descriptor is not { Type: not DescriptorType.Directory } descriptor)
                return new(user, kind, null, ErrorNumber.BadFile);
            var left = kind == 1 && descriptor.StatNow() is { IsOk: true, Value: var stat } ? Math.Max(0, (long)stat.Size - file.Position) : OutputStream.Chunk;
            return new(user, kind, null, ErrorNumber.Success, (ulong)left);
        }
        catch (Refusal refusal)
        {
            return new(user, kind, null, refusal.Number);
        }
    }
}
