using System.Buffers.Binary;
using Allotrope.Wasm;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Components.Tests.Differential;

/// <summary>A memory with an allocator that writes down what it is asked for.</summary>
sealed class StringGuest : IDisposable
{
    const int Pages = 64, Log = 60 << 16, CallBytes = 20;

    readonly Store _store = new(new StoreLimits { MemoryPages = Pages });
    readonly Global _end;

    /// <param name="encoding">How it writes strings.</param>
    /// <param name="allocator">What its allocator does.</param>
    /// <param name="lie">Added to what the allocator gives from this call on, counted from 1.</param>
    public StringGuest(StringEncoding encoding, Room allocator = Room.Moving, (int Call, int Offset)? lie = null)
    {
        var copy = allocator == Room.Moving ? "local.get 0 i32.eqz if else local.get 4 local.get 0 local.get 1 local.get 3 local.get 1 local.get 3 i32.lt_u select memory.copy end" : "";
        var size = allocator == Room.Growing ? "local.get 3 i32.const 4 i32.mul i32.const 16 i32.add" : "local.get 3";
        var stay = allocator == Room.Growing ? "local.get 0 local.set 4" : "";
        var isNew = allocator == Room.Growing ? "local.get 0 i32.eqz" : "i32.const 1";
        var lying = lie is var (call, offset)
            ? $"global.get 1 i32.const {Log + (call * CallBytes)} i32.ge_u if local.get 4 i32.const {offset} i32.add local.set 4 end" : "";
        var module = Module.Compile(new ModuleText().Memory(Pages, export: "memory")
            .Global(ValueKind.I32, $"i32.const {StringModel.FirstAddress}", mutable: true).Global(ValueKind.I32, $"i32.const {Log}", mutable: true, export: "end")
            .Function("realloc", "i32,i32,i32,i32->i32", $"""
                i32.const {unchecked((int)2166136261)} local.set 6
                block loop
                  local.get 5 local.get 1 i32.ge_u br_if 1
                  local.get 6 local.get 0 local.get 5 i32.add i32.load8_u i32.xor i32.const 16777619 i32.mul local.set 6
                  local.get 5 i32.const 1 i32.add local.set 5 br 0
                end end
                global.get 1 local.get 0 i32.store
                global.get 1 i32.const 4 i32.add local.get 1 i32.store
                global.get 1 i32.const 8 i32.add local.get 2 i32.store
                global.get 1 i32.const 12 i32.add local.get 3 i32.store
                global.get 1 i32.const 16 i32.add local.get 6 i32.store
                global.get 1 i32.const {CallBytes} i32.add global.set 1
                {isNew} if
                  global.get 0 local.get 2 i32.add i32.const 1 i32.sub i32.const 0 local.get 2 i32.sub i32.and local.tee 4 {size} i32.add global.set 0
                  {copy}
                else {stay} end
                {lying}
                local.get 4
                """, "i32,i32,i32").Build());
        var instance = new Linker().Instantiate(_store, module);
        State = new InstanceState(_store, null, null);
        State.CoreMemories.Add(instance.GetMemory("memory"));
        State.CoreFunctions.Add(instance.GetFunction("realloc"));
        _end = instance.GetGlobal("end");
        Options = new CanonicalOptions(encoding, Memory: 0, Realloc: 0);
        Boundary = new Boundary(State, Options);
        Boundary.BeginImport();
    }

    public InstanceState State { get; }

    public CanonicalOptions Options { get; }

    public Boundary Boundary { get; }

    public Span<byte> Memory => State.CoreMemories[0].Span;

    public List<RoomCall> Calls
    {
        get
        {
            var calls = new List<RoomCall>();
            for (var at = Log; at < _end.Value.AsInt32(); at += CallBytes)
                calls.Add(new(Word(at), Word(at + 4), Word(at + 8), Word(at + 12), Word(at + 16)));
            return calls;
        }
    }

    uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Memory[at..]);

    public void Dispose() => _store.Dispose();
}
