using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Debugging;

/// <summary>Stack traces lead to the source, for a guest that clang made.</summary>
public sealed class DebugLineTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_trap_in_inlined_code_is_in_the_line_it_was_written_in(int version)
    {
        var trap = Assert.Throws<Trap>(() => Start(version).GetFunction<Func<int, int>>("divide_by")(0));
        Assert.Equal(new SourceLine("src/inner.h", 3, 17), Assert.Single(trap.WasmStack).Source);
        Assert.Contains("in src/inner.h:3", trap.ToString());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Each_frame_has_the_line_of_its_call(int version)
    {
        var trap = Assert.Throws<Trap>(() => Start(version).GetFunction<Func<int, int>>("go_down")(2));
        Assert.Equal(
            [("descend", 10), ("descend", 11), ("descend", 11), ("go_down", 28)],
            trap.WasmStack.Select(frame => (frame.Name!.Replace(".command_export", ""), frame.Source!.Line)));
        Assert.All(trap.WasmStack, frame => Assert.Equal("src/trap.c", frame.Source!.File));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void What_a_host_function_throws_is_where_the_guest_called_it(int version)
    {
        var trap = Assert.Throws<Trap>(() => Start(version, throwing: true).GetFunction<Func<int, int>>("go_down")(2));
        Assert.Equal(27, Assert.Single(trap.WasmStack).Source!.Line);
    }

    [Fact]
    public void A_runaway_recursion_has_lines_too()
    {
        var trap = Assert.Throws<Trap>(() => Start(5).GetFunction<Func<int, int>>("go_down")(-1));
        Assert.Equal(TrapKind.StackExhausted, trap.Kind);
        Assert.Equal([9, 11], trap.WasmStack.Select(frame => frame.Source!.Line).Distinct());
    }

    [Fact]
    public void Written_code_has_its_lines_after_loading()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            for (var i = 0; i < 2; i++)
            {
                var cache = new CodeCache(folder.FullName);
                var module = Module.Compile(Read(5), new CompileOptions { Cache = cache });
                Assert.Equal(OperatingSystem.IsLinux() ? i : 0, cache.Hits);
                var trap = Assert.Throws<Trap>(() => Start(module, throwing: false).GetFunction<Func<int, int>>("divide_by")(0));
                Assert.Equal(3, Assert.Single(trap.WasmStack).Source!.Line);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Damaged_line_numbers_cost_only_lines()
    {
        var binary = Read(5);
        var image = ModuleDecoder.Decode(binary);
        var random = new Random(1);
        for (var trial = 0; trial < 3_000; trial++)
        {
            var bytes = image.CustomSections.Find(section => section.Name == DebugLines.SectionName)!.Bytes.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var damaged = new ModuleImage(binary);
            damaged.CustomSections.AddRange(image.CustomSections.Where(section => section.Name != DebugLines.SectionName));
            damaged.CustomSections.Add(new CustomSection(DebugLines.SectionName, bytes.AsMemory(0, random.Next(bytes.Length / 2, bytes.Length + 1))));
            var lines = new DebugLines(damaged);
            for (var address = 0u; address < 200; address += 7)
                lines.Find(address);
        }
    }

    [Fact]
    public void A_header_that_announces_much_allocates_little()
    {
        byte[] header = [0xff, 0xff, 0xff, 0x0f, 5, 0, 4, 0, 0xff, 0, 0, 0, 1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x7f];
        var image = new ModuleImage([]);
        image.CustomSections.Add(new CustomSection(DebugLines.SectionName, header));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(new DebugLines(image).Find(1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
    }

    [Fact]
    public void Names_of_files_cannot_speak_to_a_terminal() =>
        Assert.Equal("?[31mred?.c", DwarfCursor.Readable("\u001b[31mred\u0007.c"u8));

    static Instance Start(int version, bool throwing = false) => Start(Module.Compile(Read(version)), throwing);

    static Instance Start(Module module, bool throwing)
    {
        var linker = new Linker();
        linker.Define("env", "ask", (int number) => throwing ? throw new Trap(TrapKind.Unreachable) : number);
        return linker.Instantiate(new Store(), module);
    }

    static byte[] Read(int version) => File.ReadAllBytes(Path.Combine(
        OfficialSuite.Repository, "tests", "Foundation", "Allotrope.Wasm.Tests", "Debugging", "Guest", $"trap-dwarf{version}.wasm"));
}
