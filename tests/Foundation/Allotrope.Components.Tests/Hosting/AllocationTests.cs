using System.Diagnostics;
using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Hosting;

/// <summary>Calls cost what their values cost.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    const int Calls = 10_000;

    static readonly WitType S32 = PrimitiveType.Of(PrimitiveKind.S32);
    static readonly WitType F64 = PrimitiveType.Of(PrimitiveKind.F64);
    static readonly WitType Text = PrimitiveType.Of(PrimitiveKind.String);
    static readonly WitType Bytes = new ListType(PrimitiveType.Of(PrimitiveKind.U8));

    static ComponentInstance Instantiate(Store store, ComponentFunctionType type, Delegate body)
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", body);
        return linker.Instantiate(store, Component.Compile(new EchoComponent().Build(("f", type))), 0);
    }

    static long Allocated(Action call)
    {
        for (var i = 0; i < 200; i++)
            call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    static T Now<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        return task.Result;
    }

    [Fact]
    public void Calls_of_numbers_allocate_nothing()
    {
        using var store = new Store();
        using var instance = Instantiate(store, new([new("a", S32), new("b", F64)], F64, isAsync: false), (int a, double b) => a + b);
        var add = instance.GetFunction<Func<int, double, double>>("f");
        var later = instance.GetFunction<Func<int, double, ValueTask<double>>>("f");
        Assert.Equal(0, Allocated(() => add(1, 2)));
        Assert.Equal(0, Allocated(() => Now(later(1, 2))));
    }

    [Fact]
    public void Host_functions_that_need_not_wait_allocate_nothing()
    {
        using var store = new Store();
        using var instance = Instantiate(store, new([new("a", S32)], S32, isAsync: false), (int a) => new ValueTask<int>(a + 1));
        var next = instance.GetFunction<Func<int, ValueTask<int>>>("f");
        Assert.Equal(0, Allocated(() => Now(next(1))));
    }

    [Fact]
    public void Options_and_results_of_numbers_allocate_nothing()
    {
        using var store = new Store();
        var type = VariantType.Result(VariantType.Option(S32), F64);
        using var instance = Instantiate(store, new([new("a", type)], type, isAsync: false), (Result<int?, double> a) => a);
        var echo = instance.GetFunction<Func<Result<int?, double>, Result<int?, double>>>("f");
        Assert.Equal(0, Allocated(() => echo(0.5)));
    }

    [Fact]
    public void Strings_and_bytes_are_allocated_once_for_each_time_they_are_read()
    {
        using var store = new Store();
        using var texts = Instantiate(store, new([new("a", Text)], null, isAsync: false), (string _) => { });
        var text = new string('a', 1024);
        var send = texts.GetFunction<Action<string>>("f");
        Assert.InRange(Allocated(() => send(text)), 2048, 2048 + 64);
        using var blobs = Instantiate(store, new([new("a", Bytes)], null, isAsync: false), (ReadOnlyMemory<byte> _) => { });
        ReadOnlyMemory<byte> blob = new byte[1024];
        var give = blobs.GetFunction<Action<ReadOnlyMemory<byte>>>("f");
        Assert.InRange(Allocated(() => give(blob)), 1024, 1024 + 64);
    }

    [Fact(Explicit = true)]
    public void What_calls_cost()
    {
        using var store = new Store();
        using var numbers = Instantiate(store, new([new("a", S32), new("b", S32)], S32, isAsync: false), (int a, int b) => a + b);
        var add = numbers.GetFunction<Func<int, int, int>>("f");
        Say("two integers to a guest that calls the host", () => add(1, 2));
        using var sent = Instantiate(store, new([new("a", Text)], null, isAsync: false), (string _) => { });
        var send = sent.GetFunction<Action<string>>("f");
        var text = new string('a', 1024);
        Say("1 KiB of text to a guest and from there to the host", () => send(text));
        using var echoed = Instantiate(store, new([new("a", Text)], Text, isAsync: false), (string given) => given);
        var echo = echoed.GetFunction<Func<string, string>>("f");
        Say("1 KiB of text there and back through both", () => echo(text));
    }

    void Say(string what, Action call)
    {
        // Short rounds, of which some are not interrupted on a busy machine.
        const int Rounds = 3_000, Each = 100;
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Each; i++)
                call();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Each);
        }

        output.WriteLine($"{what}: {best:0} ns");
        TestContext.Current.SendDiagnosticMessage($"{what}: {best:0} ns");
    }
}
