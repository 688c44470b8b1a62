using System.Runtime.Intrinsics;
using Allotrope.Wasm.Tests.SpecTests;
using Allotrope.Wasm.Tests.Tiering;

namespace Allotrope.Wasm.Tests.Fuzz;

/// <summary>Gives the engine one module it has never seen, and lets it run under small limits when it is valid.</summary>
static class Trial
{
    /// <summary>How long a guest may run before it is interrupted.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    /// <summary>What reading and checking a module of up to a mebibyte may allocate in all; larger ones in proportion.</summary>
    public const long MostForAMebibyte = 64 << 20;

    /// <summary>Modules up to this size are sometimes made machine code of altogether, and not only where they are called.</summary>
    const int SoonPrepared = 16 << 10;

    /// <summary>What compiling may allocate, whatever the module says: some for the machinery, some for every byte.</summary>
    const long BytesAtMost = 32 << 20, BytesPerByte = 4096;

    static readonly StoreLimits Limits = new() { MemoryPages = 64, TableElements = 10_000, StackBytes = 128 << 10, HeapBytes = 1 << 20 };

    static readonly CompileOptions[] Modes = [CompileOptions.Default, new() { Tier = Tier.Interpreted }, Changing.AtOnce];

    /// <summary>What became of the module.</summary>
    public enum Outcome { Refused, NotLinked, Ran }

    public static Outcome Run(byte[] binary, Random random)
    {
        Assert.InRange(AllocatedByChecking(binary), 0, MostForAMebibyte * Math.Max(1, binary.Length >> 20));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Module module;
        try
        {
            module = Module.Compile(binary, Modes[random.Next(Modes.Length)]);
        }
        catch (InvalidModuleException)
        {
            return Outcome.Refused;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAtMost + BytesPerByte * binary.Length);
        }
        if (binary.Length <= SoonPrepared && random.Next(4) == 0) module.Prepare(); // an invalid program would be refused here
        return Call(module, random);
    }

    /// <summary>How many bytes it takes in all to decode and to validate a module, or to find out that it is none.</summary>
    public static long AllocatedByChecking(byte[] binary)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ModuleValidator.Validate(ModuleDecoder.Decode(binary));
        }
        catch (InvalidModuleException)
        {
            // Most are.
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static Outcome Call(Module module, Random random)
    {
        using var store = new Store(Limits);
        using var deadline = new Timer(_ => store.Interrupt(), null, Patience, Timeout.InfiniteTimeSpan);
        var linker = new Linker();
        SpectestModule.Define(linker, store);
        linker.Define("host", "step", (int value) => value + 1);
        try
        {
            var instance = linker.Instantiate(store, module);
            foreach (var export in module.Exports)
                if (export.Type is ExternType.Func)
                    Call(instance.GetFunction(export.Name), random);
        }
        catch (LinkException)
        {
            return Outcome.NotLinked;
        }
        catch (Exception e) when (e is Trap or GuestException)
        {
            // Instantiation trapped: it called the start function or filled a table.
        }
        return Outcome.Ran;
    }

    static void Call(Function function, Random random)
    {
        if (function.Type.Parameters.Any(type => type is { IsReference: true, IsNullable: false }))
            return; // there is nothing to give it
        Value[] arguments = [.. function.Type.Parameters.Select(type => Argument(type.Kind, random))];
        try
        {
            function.Invoke(arguments, new Value[function.Type.Results.Length]);
        }
        catch (Exception e) when (e is Trap or GuestException)
        {
            // What a damaged function does is its own business.
        }
    }

    static Value Argument(ValueKind kind, Random random) => kind switch
    {
        ValueKind.I32 => Value.FromInt32(random.Next(4) == 0 ? random.Next() : random.Next(64)),
        ValueKind.I64 => Value.FromInt64(random.NextInt64()),
        ValueKind.F32 => Value.FromSingle(random.NextSingle()),
        ValueKind.F64 => Value.FromDouble(random.NextDouble()),
        ValueKind.V128 => Value.FromVector128(Vector128.Create(random.NextInt64(), random.NextInt64()).AsByte()),
        ValueKind.ExternRef or ValueKind.AnyRef => Value.FromReference(kind, random.Next(2) == 0 ? null : "outside"),
        ValueKind.EqRef or ValueKind.I31Ref => Value.FromReference(kind, random.Next(2) == 0 ? null : new I31(random.Next())),
        _ => Value.FromReference(kind, null),
    };
}
