using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Debugging;

/// <summary>Each frame of a stack tells which call it is in.</summary>
public sealed class CallPlaceTests
{
    const int Modules = 60;

    [Fact]
    public void Every_call_of_random_code_is_told_from_all_others()
    {
        for (var seed = 0; seed < Modules; seed++)
        {
            var random = new Random(seed);
            var calls = 0;
            var code = string.Join(' ', Enumerable.Range(0, 4).Select(_ => Statement(random, 3, ref calls)));
            var binary = new ModuleText().Import("env", "check", "i32,i32->i32").Memory(1).Function("run", "->", code, "i32,i32,i32").Function("outer", "->", "call 1").Custom(DebugLines.SectionName).Build();
            var places = PlacesOf(binary);
            Assert.Equal(calls, places.Count);
            for (var wanted = 0; wanted < calls; wanted++)
                Check(binary, places, wanted, seed);
        }
    }

    [Fact]
    public void Calls_that_look_alike_are_told_apart()
    {
        const string code = "call 0 call 0 local.get 0 if call 0 else call 0 end local.get 0 if call 0 i32.const 1 local.set 0 else call 0 end call 0";
        var binary = new ModuleText().Import("env", "count", "->").Function("run", "i32->", code).Custom(DebugLines.SectionName).Build();
        var seen = new HashSet<int>();
        foreach (var (argument, wanted) in from argument in new[] { 0, 1 } from wanted in Enumerable.Range(0, 5) select (argument, wanted))
        {
            var left = wanted;
            var linker = new Linker();
            linker.Define("env", "count", () =>
            {
                if (left-- == 0)
                    throw new Trap(TrapKind.Unreachable);
            });
            using var store = new Store();
            var run = linker.Instantiate(store, Module.Compile(binary)).GetFunction<Action<int>>("run");
            seen.Add(Assert.Throws<Trap>(() => run(argument)).WasmStack[0].InstructionOffset!.Value);
        }

        Assert.Equal(7, seen.Count);
    }

    [Theory]
    [InlineData("i32.const 1 i32.const 0 i32.div_u drop nop i32.const 1 local.get 0 i32.div_u drop", 2)]
    [InlineData("local.get 0 i32.load drop i32.const -1 i32.load drop", 2)]
    [InlineData("nop i32.const -1 i32.const 0 i32.const 9 memory.fill", 1)]
    [InlineData("f32.const NaN i32.trunc_f32_s drop", 1)]
    [InlineData("nop unreachable", 1)]
    [InlineData("i32.const 7 call_indirect ->", 1)]
    public void A_trap_tells_the_instruction_that_trapped(string code, int ways)
    {
        var binary = new ModuleText().Memory(1).Table(1).Function("run", "i32->", code).Custom(DebugLines.SectionName).Build();
        var image = ModuleDecoder.Decode(binary);
        using var store = new Store();
        var run = new Linker().Instantiate(store, Module.Compile(binary)).GetFunction<Action<int>>("run");
        var frame = Assert.Single(Assert.Throws<Trap>(() => run(0)).WasmStack);
        var reader = InstructionReader.OfBody(image, image.Bodies[0]);
        var traps = new List<int>();
        while (!reader.AtEnd)
        {
            if (reader.Next() is { Opcode: Opcode.I32DivU or Opcode.I32Load or Opcode.MemoryFill or Opcode.I32TruncF32S or Opcode.Unreachable or Opcode.CallIndirect } trap)
                traps.Add(trap.ByteOffset);
        }

        Assert.Equal(ways, traps.Count);
        Assert.Equal(traps[code.StartsWith("local.get", StringComparison.Ordinal) ? 1 : 0], frame.InstructionOffset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_line_numbers_it_is_told_to_those_who_ask(bool exact)
    {
        using var store = new Store();
        var module = new ModuleText().Function("run", "->", "unreachable").Compile(new CompileOptions { ExactTraces = exact });
        var run = new Linker().Instantiate(store, module).GetFunction<Action>("run");
        Assert.Equal(exact, Assert.Single(Assert.Throws<Trap>(run).WasmStack).InstructionOffset is not null);
    }

    static void Check(byte[] binary, List<int> places, int wanted, int seed)
    {
        var linker = new Linker();
        linker.Define("env", "check", (int number, int value) => number == wanted ? throw new Trap(TrapKind.Unreachable) : value);
        using var store = new Store();
        var run = linker.Instantiate(store, Module.Compile(binary)).GetFunction<Action>("outer");
        try
        {
            run();
        }
        catch (Trap trap)
        {
            Assert.True(trap.WasmStack[0].InstructionOffset == places[wanted], $"seed {seed}, call {wanted}: {trap.WasmStack[0]}");
            Assert.True(trap.WasmStack[1].InstructionOffset > places[^1]);
        }
    }

    /// <summary>Calls of import 0 are numbered by their first argument in the order of the code.</summary>
    static string Statement(Random random, int depth, ref int calls) => random.Next(depth > 0 ? 8 : 3) switch
    {
        0 or 1 => $"{Value(random, depth, ref calls)} local.set {random.Next(2)}",
        2 => $"i32.const {random.Next(100)} {Value(random, depth, ref calls)} i32.store8",
        3 => $"block {Statement(random, depth - 1, ref calls)} local.get 1 br_if 0 {Statement(random, depth - 1, ref calls)} end",
        4 or 5 => $"{Value(random, depth, ref calls)} if {Statement(random, depth - 1, ref calls)} else {Statement(random, depth - 1, ref calls)} end",
        6 => $"i32.const 0 local.set 2 loop {Statement(random, depth - 1, ref calls)} local.get 2 i32.const 1 i32.add local.tee 2 i32.const 3 i32.lt_u br_if 0 end",
        _ => $"{Statement(random, depth - 1, ref calls)} {Statement(random, depth - 1, ref calls)}",
    };

    static string Value(Random random, int depth, ref int calls)
    {
        switch (random.Next(depth > 0 ? 5 : 2))
        {
            case 0: return $"local.get {random.Next(3)}";
            case 1: return $"i32.const {random.Next(10)}";
            case 2: return $"{Value(random, depth - 1, ref calls)} {Value(random, depth - 1, ref calls)} i32.add";
            case 3: return $"{Value(random, depth - 1, ref calls)} i32.const 255 i32.and i32.load8_u";
            default:
                var number = calls++;
                return $"i32.const {number} {Value(random, depth - 1, ref calls)} call 0";
        }
    }

    /// <summary>Where the calls of import 0 are, by their number.</summary>
    static List<int> PlacesOf(byte[] binary)
    {
        var image = ModuleDecoder.Decode(binary);
        var reader = InstructionReader.OfBody(image, image.Bodies[0]);
        var (pushed, places) = (new Stack<int>(), new SortedDictionary<int, int>());
        while (!reader.AtEnd)
        {
            var next = reader.Next();
            switch (next.Opcode)
            {
                case Opcode.I32Const: pushed.Push((int)next.Bits); break;
                case Opcode.LocalGet: pushed.Push(-1); break;
                case Opcode.Call:
                    pushed.Pop();
                    places[pushed.Pop()] = next.ByteOffset;
                    pushed.Push(-1);
                    break;
                case Opcode.LocalTee or Opcode.I32Load8U: break;
                case Opcode.LocalSet or Opcode.BrIf or Opcode.If: pushed.Pop(); break;
                case Opcode.I32Store8:
                    pushed.Pop();
                    pushed.Pop();
                    break;
                case Opcode.I32Add or Opcode.I32And or Opcode.I32LtU:
                    pushed.Pop();
                    pushed.Pop();
                    pushed.Push(-1);
                    break;
            }
        }

        return [.. places.Values];
    }
}
