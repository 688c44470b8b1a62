using Allotrope.Wasi.Clocks;

namespace Allotrope.Wasi.Preview1;

/// <summary>Arguments, environment, clocks, randomness and the end.</summary>
public sealed partial class Preview1Host
{
    const int Realtime = 0, Monotonic = 1;

    void AddProcess(HostFunctions functions)
    {
        functions.Add("args_sizes_get", (GuestMemory memory, int count, int size) => Sizes(memory, _arguments, count, size));
        functions.Add("environ_sizes_get", (GuestMemory memory, int count, int size) => Sizes(memory, _environment, count, size));
        functions.Add("args_get", (GuestMemory memory, int addresses, int bytes) => Strings(memory, _arguments, addresses, bytes));
        functions.Add("environ_get", (GuestMemory memory, int addresses, int bytes) => Strings(memory, _environment, addresses, bytes));
        functions.Add("clock_res_get", (GuestMemory memory, int clock, int result) => Clock(memory, clock, result, time => time.NanosecondStep(), _ => 100));
        functions.Add("clock_time_get", (GuestMemory memory, int clock, long _, int result) => Clock(memory, clock, result, time => time.Nanoseconds(), WallNanoseconds));
        functions.Add("random_get", (GuestMemory memory, int address, int length) =>
        {
            _state.Random.Fill(memory.Span(address, length));
            return ErrorNumber.Success;
        });
        functions.Define("proc_exit", (int status) => Exit((uint)status));
        functions.Add("proc_raise", (GuestMemory _, int _) => ErrorNumber.NotSupported);
        functions.Define("sched_yield", () => 0);
    }

    static void Exit(uint status) => throw new GuestExitException(status);

    static ErrorNumber Sizes(GuestMemory memory, byte[][] strings, int count, int size)
    {
        memory.WriteInt32(count, (uint)strings.Length);
        memory.WriteInt32(size, (uint)strings.Sum(each => each.Length));
        return ErrorNumber.Success;
    }

    static ErrorNumber Strings(GuestMemory memory, byte[][] strings, int addresses, int bytes)
    {
        memory.WriteStrings(strings, addresses, bytes);
        return ErrorNumber.Success;
    }

    /// <summary>The two clocks that measure processors do not know this guest apart from others.</summary>
    ErrorNumber Clock(GuestMemory memory, int clock, int result, Func<TimeProvider, ulong> monotonic, Func<TimeProvider, ulong> wall)
    {
        if (clock is not (Realtime or Monotonic))
            return clock is 2 or 3 ? ErrorNumber.NotSupported : ErrorNumber.Invalid;
        memory.WriteInt64(result, clock == Monotonic ? monotonic(_state.Time) : wall(_state.Time));
        return ErrorNumber.Success;
    }

    static ulong WallNanoseconds(TimeProvider time)
    {
        var now = time.WallTime();
        return now.Seconds * 1_000_000_000 + now.Nanoseconds;
    }
}
