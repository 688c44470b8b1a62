namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>The host module <c>spectest</c> that the official scripts assume.</summary>
static class SpectestModule
{
    const string Name = "spectest";

    public static void Define(Linker linker, Store store)
    {
        linker.Define(Name, "print", () => { });
        linker.Define(Name, "print_i32", (int _) => { });
        linker.Define(Name, "print_i64", (long _) => { });
        linker.Define(Name, "print_f32", (float _) => { });
        linker.Define(Name, "print_f64", (double _) => { });
        linker.Define(Name, "print_i32_f32", (int _, float _) => { });
        linker.Define(Name, "print_f64_f64", (double _, double _) => { });
        linker.Define(Name, "global_i32", new Global(Value.FromInt32(666)));
        linker.Define(Name, "global_i64", new Global(Value.FromInt64(666)));
        linker.Define(Name, "global_f32", new Global(Value.FromSingle(666.6f)));
        linker.Define(Name, "global_f64", new Global(Value.FromDouble(666.6)));
        linker.Define(Name, "table", new Table(store, ValueKind.FuncRef, new Limits(10, 20)));
        linker.Define(Name, "table64", new Table(store, ValueKind.FuncRef, new Limits(10, 20, ValueKind.I64)));
        linker.Define(Name, "memory", new Memory(store, new Limits(1, 2)));
    }
}
