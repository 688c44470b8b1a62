using System.Security.Cryptography;

namespace Allotrope.Wasm.Tests.Differential;

/// <summary>Runs a generated module on this engine and tells what happened in the words of <c>oracle.mjs</c>.</summary>
static class OwnRun
{
    /// <summary>Enough for as deep a recursion as generated modules have fuel for.</summary>
    static readonly StoreLimits Limits = new() { StackBytes = 24 << 20, MemoryPages = 64 };

    /// <summary>Begins the line that only this engine gives, and only when it counts.</summary>
    public const string FuelLine = "fuel: ";

    /// <summary>Stack of the thread that guests run on.</summary>
    public const int ThreadBytes = 32 << 20;

    /// <summary>How often the guest of this thread's last run waited.</summary>
    [ThreadStatic]
    public static int LastSuspended;

    /// <param name="generated">What to run.</param>
    /// <param name="options">How to compile it.</param>
    /// <param name="isDisposed">Whether its store is disposed afterwards, and not only forgotten.</param>
    /// <param name="waits">Whether the host waits in each of its functions.</param>
    public static List<string> Run(GeneratedModule generated, CompileOptions? options = null, bool isDisposed = true, bool waits = false)
    {
        var store = new Store(Limits) { Fuel = long.MaxValue };
        try
        {
            return Run(store, generated, options, new Host(waits));
        }
        finally
        {
            if (isDisposed) store.Dispose();
        }
    }

    static List<string> Run(Store store, GeneratedModule generated, CompileOptions? options, Host host)
    {
        Instance instance;
        try
        {
            instance = host.Linker.Instantiate(store, Module.Compile(generated.Binary, options));
            host.IsWaiting = host.Waits;
        }
        catch (Exception e) when (e is Trap or InvalidModuleException or GuestException or LinkException)
        {
            return [$"instantiation: {ReasonOf(e)}"];
        }
        var happened = new List<string>();
        foreach (var call in generated.Calls) happened.Add($"{call.Export}: {Call(instance, call, host)}; said {host.Said} {host.Hash}");
        foreach (var export in instance.Module.Exports)
            switch (export.Type)
            {
                case ExternType.Memory:
                    var bytes = instance.GetMemory(export.Name).Span;
                    happened.Add($"{export.Name}: {bytes.Length} {Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}");
                    break;
                case ExternType.Table:
                    happened.Add($"{export.Name}: {instance.GetTable(export.Name).Count}");
                    break;
            }
        LastSuspended = host.Suspended;
        if (options is { Fuel: true }) happened.Add($"{FuelLine}{long.MaxValue - store.Fuel}");
        return happened;
    }

    static string Call(Instance instance, GuestCall call, Host host)
    {
        var results = new Value[call.Results.Length];
        try
        {
            Value[] arguments = [.. call.Parameters.Zip(call.Arguments, ToValue)];
            if (host.IsWaiting)
                host.Finish(instance.GetFunction(call.Export).InvokeAsync(arguments, results).AsTask());
            else
                instance.GetFunction(call.Export).Invoke(arguments, results);
        }
        catch (Exception e) when (e is Trap or GuestException)
        {
            return ReasonOf(e);
        }
        return string.Join(' ', results.Select(ToText));
    }

    static Value ToValue(ValueKind kind, ulong bits) => kind switch
    {
        ValueKind.I32 => Value.FromInt32((int)bits),
        ValueKind.I64 => Value.FromInt64((long)bits),
        ValueKind.F32 => Value.FromSingle(BitConverter.UInt32BitsToSingle((uint)bits)),
        _ => Value.FromDouble(BitConverter.UInt64BitsToDouble(bits)),
    };

    static string ToText(Value value) => value.Kind switch
    {
        ValueKind.I32 => $"{value.AsInt32()}",
        ValueKind.I64 => $"{value.AsInt64()}",
        ValueKind.F32 => float.IsNaN(value.AsSingle()) ? "nan" : $"{BitConverter.SingleToUInt32Bits(value.AsSingle()):x}",
        _ => double.IsNaN(value.AsDouble()) ? "nan" : $"{BitConverter.DoubleToUInt64Bits(value.AsDouble()):x}",
    };

    static string ReasonOf(Exception exception) => exception switch
    {
        GuestException => "exception",
        InvalidModuleException refusal => $"refused: {refusal.Message}",
        Trap trap => $"trap {WordOf(trap.Kind)}",
        _ => exception.ToString(),
    };

    static string WordOf(TrapKind kind) => kind switch
    {
        TrapKind.Unreachable => "unreachable",
        TrapKind.MemoryOutOfBounds or TrapKind.UnalignedAtomic => "memory", // which of the two is asked first is nobody's business
        TrapKind.TableOutOfBounds or TrapKind.UndefinedElement => "table",
        TrapKind.UninitializedElement or TrapKind.IndirectCallTypeMismatch => "signature",
        TrapKind.IntegerDivideByZero => "zero",
        TrapKind.IntegerOverflow or TrapKind.InvalidConversionToInteger => "number",
        TrapKind.NullReference => "null",
        TrapKind.CastFailure => "cast",
        TrapKind.ArrayOutOfBounds => "array",
        TrapKind.StackExhausted => "stack",
        _ => $"{kind}",
    };

    /// <summary>What guests say, in a number that depends on all of it, and what they are answered.</summary>
    sealed class Host
    {
        const int Prime = 16_777_619, Factor = 0x2c1b_3c6d;

        readonly Queue<TaskCompletionSource> _waits = [];

        public Host(bool waits)
        {
            Waits = waits;
            Linker = waits
                ? new Linker().Define("host", "i32", async ValueTask (int value) =>
                    {
                        Say(value);
                        await Wait();
                    })
                    .Define("host", "i64", async ValueTask (long value) =>
                    {
                        await Wait();
                        SayLong(value);
                    })
                    .Define("host", "ask", async ValueTask<int> (int value) =>
                    {
                        await Wait();
                        return Answer(value);
                    })
                : new Linker().Define("host", "i32", (int value) => Say(value)).Define("host", "i64", (long value) => SayLong(value))
                    .Define("host", "ask", (int value) => Answer(value));
        }

        public Linker Linker { get; }

        public bool Waits { get; }

        /// <summary>Whether it does now: not while an instance is made, where nobody could go on.</summary>
        public bool IsWaiting { get; set; }

        public int Suspended { get; private set; }

        /// <summary>Ends one wait after the other on this thread, until the call is over.</summary>
        public void Finish(Task call)
        {
            while (_waits.TryDequeue(out var wait))
            {
                Suspended++;
                wait.SetResult();
            }

            Assert.True(call.IsCompleted, "the call waits for nothing");
            call.GetAwaiter().GetResult();
        }

        Task Wait()
        {
            if (!IsWaiting) return Task.CompletedTask;
            var wait = new TaskCompletionSource();
            _waits.Enqueue(wait);
            return wait.Task;
        }

        public int Said { get; private set; }

        public int Hash { get; private set; } = unchecked((int)0x811c_9dc5);

        void Say(int bits)
        {
            Said++;
            Hash = unchecked((Hash ^ bits) * Prime);
        }

        void SayLong(long value)
        {
            Say((int)value);
            Say((int)(value >> 32));
        }

        int Answer(int value)
        {
            Say(value);
            return (int)(unchecked((uint)((value ^ Hash) * Factor)) >> 7);
        }
    }
}
