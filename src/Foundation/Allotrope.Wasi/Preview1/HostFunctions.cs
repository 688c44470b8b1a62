using Allotrope.Wasm;

namespace Allotrope.Wasi.Preview1;

/// <summary>Puts functions that give error numbers into a linker, with the caller's memory, and turns a <see cref="Refusal"/> into its number.</summary>
sealed class HostFunctions(Linker linker)
{
    public void Add(string name, Func<GuestMemory, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a) => Number(() => body(MemoryOf(caller), a)));

    public void Add(string name, Func<GuestMemory, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b) => Number(() => body(MemoryOf(caller), a, b)));

    public void Add(string name, Func<GuestMemory, int, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c) => Number(() => body(MemoryOf(caller), a, b, c)));

    public void Add(string name, Func<GuestMemory, int, int, int, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c, int d, int e) => Number(() => body(MemoryOf(caller), a, b, c, d, e)));

    public void Add(string name, Func<GuestMemory, int, int, int, int, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c, int d, int e, int f) => Number(() => body(MemoryOf(caller), a, b, c, d, e, f)));

    public void Add(string name, Func<GuestMemory, int, int, int, int, int, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c, int d, int e, int f, int g) => Number(() => body(MemoryOf(caller), a, b, c, d, e, f, g)));

    public void Add(string name, Func<GuestMemory, int, long, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, long b) => Number(() => body(MemoryOf(caller), a, b)));

    public void Add(string name, Func<GuestMemory, int, long, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, long b, int c) => Number(() => body(MemoryOf(caller), a, b, c)));

    public void Add(string name, Func<GuestMemory, int, long, long, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, long b, long c) => Number(() => body(MemoryOf(caller), a, b, c)));

    public void Add(string name, Func<GuestMemory, int, long, long, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, long b, long c, int d) => Number(() => body(MemoryOf(caller), a, b, c, d)));

    public void Add(string name, Func<GuestMemory, int, long, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, long b, int c, int d) => Number(() => body(MemoryOf(caller), a, b, c, d)));

    public void Add(string name, Func<GuestMemory, int, int, int, long, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c, long d, int e) => Number(() => body(MemoryOf(caller), a, b, c, d, e)));

    public void Add(string name, Func<GuestMemory, int, int, int, int, long, long, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c, int d, long e, long f, int g) => Number(() => body(MemoryOf(caller), a, b, c, d, e, f, g)));

    public void Add(string name, Func<GuestMemory, int, int, int, int, int, long, long, int, int, ErrorNumber> body) =>
        Define(name, (Instance caller, int a, int b, int c, int d, int e, long f, long g, int h, int i) => Number(() => body(MemoryOf(caller), a, b, c, d, e, f, g, h, i)));

    /// <summary>Functions that may wait.</summary>
    public void Add(string name, Func<GuestMemory, int, int, int, int, ValueTask<ErrorNumber>> body) =>
        Define(name, (Instance caller, int a, int b, int c, int d) => NumberAsync(() => body(MemoryOf(caller), a, b, c, d)));

    public void Define(string name, Delegate body) => linker.Define(Preview1Host.ModuleName, name, body);

    static int Number(Func<ErrorNumber> body)
    {
        try
        {
            return (int)body();
        }
        catch (Refusal refusal)
        {
            return (int)refusal.Number;
        }
    }

    static async ValueTask<int> NumberAsync(Func<ValueTask<ErrorNumber>> body)
    {
        try
        {
            return (int)await body();
        }
        catch (Refusal refusal)
        {
            return (int)refusal.Number;
        }
    }

    static GuestMemory MemoryOf(Instance caller)
    {
        try
        {
            return new(caller.GetMemory("memory"));
        }
        catch (KeyNotFoundException)
        {
            throw new Refusal(ErrorNumber.Fault);
        }
    }
}
