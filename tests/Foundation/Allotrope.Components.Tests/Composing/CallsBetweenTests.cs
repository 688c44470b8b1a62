using System.Diagnostics;
using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Composing;

/// <summary>What one component gives another costs no object of the host, however each of them writes strings.</summary>
public sealed class CallsBetweenTests(ITestOutputHelper output)
{
    const int Calls = 5_000;

    static readonly WitType Text = PrimitiveType.Of(PrimitiveKind.String);
    static readonly WitType S32 = PrimitiveType.Of(PrimitiveKind.S32);
    static readonly WitType S64 = PrimitiveType.Of(PrimitiveKind.S64);
    static readonly WitType F64 = PrimitiveType.Of(PrimitiveKind.F64);
    static readonly WitType Bytes = new ListType(PrimitiveType.Of(PrimitiveKind.U8));

    /// <summary>Sixteen numbers, whose result goes to where a seventeenth says.</summary>
    static readonly ComponentFunctionType Sixteen =
        new([.. Enumerable.Range(0, 16).Select(i => new Parameter($"p{i}", i % 2 == 0 ? S32 : F64))], RecordType.Tuple([S32, S64, F64]), isAsync: false);

    static readonly ComponentFunctionType Twenty = new([.. Enumerable.Range(0, 20).Select(i => new Parameter($"p{i}", S32))], S32, isAsync: false);

    public static TheoryData<int, int> Encodings()
    {
        var data = new TheoryData<int, int>();
        foreach (var front in Enum.GetValues<StringEncoding>())
            foreach (var back in Enum.GetValues<StringEncoding>())
                data.Add((int)front, (int)back);
        return data;
    }

    static ComposedInstance Pair(Store store, ComponentFunctionType type, Delegate host, StringEncoding front = default, StringEncoding back = default)
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", host);
        return new Composition<int>(linker)
            .Add("front", Component.Compile(new EchoComponent { Encoding = front, Interface = "test:back/api@1.0.0" }.Build(("f", type))))
            .Add("back", Component.Compile(new EchoComponent { Encoding = back, Offered = "test:back/api@1.0.0" }.Build(("f", type))))
            .Instantiate(_ => store, _ => 0);
    }

    static long Allocated(Action call)
    {
        for (var i = 0; i < 500; i++)
            call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_string_is_allocated_for_the_host_alone_that_reads_it_in_the_end(int front, int back)
    {
        using var store = new Store();
        using var made = Pair(store, new([new("a", Text)], null, isAsync: false), (string _) => { }, (StringEncoding)front, (StringEncoding)back);
        var send = made["front"].GetFunction<Action<string>>("f");
        foreach (var text in new[] { new string('a', 1024), new string('ö', 1024), new string('\u4e00', 1024) })
            Assert.InRange(Allocated(() => send(text)), 2048, 2048 + 64);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_string_that_comes_back_is_allocated_for_the_host_alone(int front, int back)
    {
        using var store = new Store();
        var text = new string('é', 1024);
        using var made = Pair(store, new([], Text, isAsync: false), () => text, (StringEncoding)front, (StringEncoding)back);
        var ask = made["front"].GetFunction<Func<string>>("f");
        Assert.InRange(Allocated(() => ask()), 2048, 2048 + 64);
    }

    [Fact]
    public void Bytes_are_allocated_for_the_host_alone()
    {
        using var store = new Store();
        using var made = Pair(store, new([new("a", Bytes)], null, isAsync: false), (ReadOnlyMemory<byte> _) => { });
        var give = made["front"].GetFunction<Action<ReadOnlyMemory<byte>>>("f");
        ReadOnlyMemory<byte> blob = new byte[1024];
        Assert.InRange(Allocated(() => give(blob)), 1024, 1024 + 64);
    }

    [Fact]
    public void Numbers_allocate_nothing_however_many_they_are()
    {
        using var store = new Store();
        using var sixteen = Pair(store, Sixteen, SumOfSixteen);
        var add = sixteen["front"].GetFunction<OfSixteen>("f");
        Assert.Equal((64, 640L, 72.0), add(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
        Assert.Equal(0, Allocated(() => add(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)));
        using var twenty = Pair(store, Twenty, SumOfTwenty);
        var more = twenty["front"].GetFunction<OfTwenty>("f");
        Assert.Equal(210, more(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20));
        Assert.Equal(0, Allocated(() => more(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)));
    }

    [Fact]
    public void A_caller_without_room_for_a_result_is_where_the_call_ended()
    {
        using var small = new Store(new StoreLimits { MemoryPages = 5 });
        using var large = new Store();
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", () => new string('a', 400_000));
        var type = new ComponentFunctionType([], Text, isAsync: false);
        using var made = new Composition<int>(linker)
            .Add("front", Component.Compile(new EchoComponent { Interface = "test:back/api@1.0.0" }.Build(("f", type))))
            .Add("back", Component.Compile(new EchoComponent { Offered = "test:back/api@1.0.0" }.Build(("f", type))))
            .Instantiate(name => name == "front" ? small : large, _ => 0);
        Assert.Throws<Trap>(() => made["front"].GetFunction<Func<string>>("f")());
        Assert.Equal("front", made.Broken);
    }

    [Fact(Explicit = true)]
    public void What_calls_between_components_cost()
    {
        using var store = new Store();
        foreach (var (front, back) in new[] { (StringEncoding.Utf8, StringEncoding.Utf8), (StringEncoding.Utf8, StringEncoding.Utf16), (StringEncoding.Utf16, StringEncoding.Utf8) })
        {
            using var made = Pair(store, new([new("a", Text)], null, isAsync: false), (string _) => { }, front, back);
            var send = made["front"].GetFunction<Action<string>>("f");
            var text = new string('a', 1024);
            Say($"1 KiB of text through {front} and {back} to the host", () => send(text));
        }

        using var sixteen = Pair(store, Sixteen, SumOfSixteen);
        var add = sixteen["front"].GetFunction<OfSixteen>("f");
        Say("sixteen numbers to a record, through two components", () => add(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
        using var twenty = Pair(store, Twenty, SumOfTwenty);
        var more = twenty["front"].GetFunction<OfTwenty>("f");
        Say("twenty numbers through two components", () => more(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20));
    }

    void Say(string what, Action call)
    {
        // Short rounds, of which some are not interrupted on a busy machine.
        const int Rounds = 2_000, Each = 50;
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Each; i++)
                call();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Each);
        }

        output.WriteLine($"{what}: {best:0} ns, {Allocated(call)} bytes");
        TestContext.Current.SendDiagnosticMessage($"{what}: {best:0} ns, {Allocated(call)} bytes");
    }

    delegate (int, long, double) OfSixteen(int a, double b, int c, double d, int e, double f, int g, double h, int i, double j, int k, double l, int m, double n, int o, double p);

    static readonly OfSixteen SumOfSixteen = (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) => (a + c + e + g + i + k + m + o, 10L * (a + c + e + g + i + k + m + o), b + d + f + h + j + l + n + p);

    delegate int OfTwenty(
        int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p, int q, int r, int s, int t);

    static readonly OfTwenty SumOfTwenty = (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t) => a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t;
}
