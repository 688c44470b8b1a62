using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Hostile;

/// <summary>Guests that go on within one another take stack without calling: a long row of them traps, and the process lives.</summary>
public sealed class NestingTests
{
    /// <summary>More than fit on the stack of the thread.</summary>
    const int Long = 900;

    const int StackBytes = 512 << 10;

    /// <summary>Waits to be told to end.</summary>
    static TaskComponent Last() => Told().Function("run", "->", "call $suspend drop call $cancel").Export("run");

    /// <summary>Calls the next one, at once or when it has its turn, waits to be told to end and tells the next one.</summary>
    static TaskComponent Link(bool atOnce) => Told().Import("next", GivesNumber, "i32->i32").BuiltIn("cancel-subtask", "i32->i32", 0x06, 0)
        .Function("run", "->", $"""
            {(atOnce ? "" : "call $yield drop")}
            i32.const 16 call $next i32.const 4 i32.shr_u local.set 0
            call $suspend drop
            local.get 0 call $cancel-subtask drop
            call $cancel
            """, "i32")
        .Export("run");

    /// <summary>Has all the others begin, one after the other, before it tells the first to end; gives how that went.</summary>
    static TaskComponent First(int turns) => Told().ReturnsNumbers().Import("next", GivesNumber, "i32->i32").BuiltIn("cancel-subtask", "i32->i32", 0x06, 0)
        .Function("run", "->", $"""
            i32.const 16 call $next i32.const 4 i32.shr_u local.set 0
            loop call $yield drop local.get 1 i32.const 1 i32.add local.tee 1 i32.const {turns} i32.lt_u br_if 0 end
            local.get 0 call $cancel-subtask call $return
            """, "i32,i32")
        .Export("run");

    static TaskComponent Told() => new TaskComponent().BuiltIn("yield", "->i32", 0x0C, 0).BuiltIn("suspend", "->i32", 0x29, 1).BuiltIn("cancel", "->", 0x05);

    /// <summary>A component of one of the first, links, and one of the last.</summary>
    static Component Row(int links, bool atOnce)
    {
        var bytes = new List<byte[]> { Section(4, Last().Build()), Section(4, Link(atOnce).Build()), Section(4, First(4 * links).Build()), Section(5, List(Join([0, 0], List()))), Exported(0) };
        for (var i = 0; i <= links; i++)
        {
            bytes.Add(Section(5, List(Join([0, (byte)(i < links ? 1 : 2)], List(Join(Name("next"), [1], Leb.Unsigned((ulong)i)))))));
            bytes.Add(Exported(i + 1));
        }

        return Components.Component.Compile(Component([.. bytes, Section(11, List(Join(ExternName("run"), [1], Leb.Unsigned((ulong)(links + 1)), [0])))]));
    }

    static byte[] Exported(int instance) => Section(6, List(Join([1, 0], Leb.Unsigned((ulong)instance), Name("run"))));

    static object? Invoke(int links, bool atOnce)
    {
        object? result = null;
        var thread = new Thread(() => result = Run(Row(links, atOnce)), StackBytes);
        thread.Start();
        thread.Join();
        return result;
    }

    /// <summary>What it gives, or how it traps.</summary>
    static object? Run(Component row)
    {
        using var store = new Store(new StoreLimits { TableElements = 100_000_000, MemoryPages = 100_000 });
        using var instance = ComponentInstance.Create(store, row);
        try
        {
            return instance.Invoke("run");
        }
        catch (Trap trap)
        {
            return trap.Kind;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_short_row_is_told_to_end(bool atOnce) => Assert.Equal(4u, Invoke(20, atOnce));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_long_row_exhausts_its_stack_and_not_the_process_s(bool atOnce) => Assert.Equal(TrapKind.StackExhausted, Invoke(Long, atOnce));
}
