using System.Text;
using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Hosting;

/// <summary>What a host offers is called with the guest's values, and what a guest offers with the host's.</summary>
public sealed class HostFunctionTests
{
    public enum Color
    {
        Red,
        DarkBlue,
    }

    [Flags]
    public enum Access : byte
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    public readonly record struct Point(int X, string Name);

    public abstract record Shape
    {
        public sealed record Nothing : Shape;

        public sealed record Circle(double Value) : Shape;

        public sealed record At(Point Value) : Shape;
    }

    public abstract record Address
    {
        public sealed record Nothing : Address;

        public sealed record V6((int, int, int, int, int, int, int, int) Value) : Address;
    }

    static readonly WitType Text = PrimitiveType.Of(PrimitiveKind.String);
    static readonly WitType S32 = PrimitiveType.Of(PrimitiveKind.S32);
    static readonly WitType U8 = PrimitiveType.Of(PrimitiveKind.U8);

    static ComponentFunctionType Echo(WitType type) => new([new("value", type)], type, isAsync: false);

    static Component Compile(ComponentFunctionType type, string @interface = "test:host/api@0.2.0", ComponentOptions? options = null) =>
        Component.Compile(new EchoComponent { Interface = @interface }.Build(("f", type)), options);

    static T RoundTrip<T>(WitType type, T value)
    {
        T? seen = default;
        var linker = new ComponentLinker<string>();
        linker.Instance("test:host/api@0.2.0").Function("f", (string state, T given) =>
        {
            Assert.Equal("state", state);
            seen = given;
            return given;
        });
        using var store = new Store();
        using var instance = linker.Instantiate(store, Compile(Echo(type)), "state");
        var result = instance.GetFunction<Func<T, T>>("f")(value);
        Assert.Equal(value, seen);
        return result;
    }

    [Fact]
    public void Values_of_every_type_go_through_a_guest_and_back()
    {
        var point = new RecordType(["x", "name"], [S32, Text]);
        var shape = new VariantType([new("nothing", null), new("circle", PrimitiveType.Of(PrimitiveKind.F64)), new("at", point)]);
        Same(Text, "Grüße, 世界 🌍");
        Same(S32, int.MinValue);
        Same(PrimitiveType.Of(PrimitiveKind.Char), new Rune(0x1F30D));
        Same(point, new Point(-3, "here"));
        Same<Shape>(shape, new Shape.Nothing());
        Same<Shape>(shape, new Shape.Circle(0.5));
        Same<Shape>(shape, new Shape.At(new(1, "é")));
        Same(VariantType.Enum(["red", "dark-blue"]), Color.DarkBlue);
        Same(new FlagsType(["read", "write"]), Access.Read | Access.Write);
        Same<string?>(VariantType.Option(Text), null);
        Same<string?>(VariantType.Option(Text), "some");
        Same<int?>(VariantType.Option(S32), 7);
        Same(VariantType.Option(VariantType.Option(S32)), Option<int?>.Some(null));
        Same(VariantType.Result(S32, Text), Result<int, string>.Fail("no"));
        Same(VariantType.Result(null, Text), Result<Unit, string>.Ok(default));
        Same(RecordType.Tuple([S32, Text, U8]), (1, "two", (byte)3));
        Same(RecordType.Tuple([.. Enumerable.Repeat(S32, 9)]), (1, 2, 3, 4, 5, 6, 7, 8, 9));
        Same(RecordType.Tuple([.. Enumerable.Repeat(PrimitiveType.Of(PrimitiveKind.U16), 8)]), ((ushort)0x2001, (ushort)0xDB8, (ushort)0, (ushort)1, (ushort)2, (ushort)3, (ushort)4, (ushort)0xFFFF)); // ipv6-address
        Same(new VariantType([new("nothing", null), new("v6", RecordType.Tuple([.. Enumerable.Repeat(S32, 8)]))]), (Address)new Address.V6((1, 2, 3, 4, 5, 6, 7, 8)));
        Same(new ListType(U8), new byte[] { 1, 2, 3 });
        Same(new ListType(point), new[] { new Point(1, "a"), new Point(2, "b") });
        Same(new ListType(S32, 3), new[] { 1, 2, 3 });
        Assert.Equal("bytes"u8, RoundTrip(new ListType(U8), (ReadOnlyMemory<byte>)"bytes"u8.ToArray(), (one, other) => one.Span.SequenceEqual(other.Span)).Span);
        return;

        static void Same<T>(WitType type, T value) => Assert.Equal(value, RoundTrip(type, value));
    }

    static T RoundTrip<T>(WitType type, T value, Func<T, T, bool> areEqual)
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", (T given) => areEqual(given, value) ? given : throw new InvalidOperationException("another value came"));
        using var store = new Store();
        return linker.Instantiate(store, Compile(Echo(type)), 0).GetFunction<Func<T, T>>("f")(value);
    }

    [Fact]
    public async Task A_function_may_give_a_task()
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", async ValueTask<string> (string given) =>
        {
            await Task.Yield();
            return given + "!";
        });
        using var store = new Store();
        using var instance = linker.Instantiate(store, Compile(Echo(Text)), 0);
        Assert.Equal("late!", await instance.GetFunction<Func<string, ValueTask<string>>>("f")("late"));
    }

    [Fact]
    public async Task A_guest_that_waits_for_a_task_leaves_the_thread()
    {
        var answer = new TaskCompletionSource<string>();
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", async ValueTask<string> (string given) => given + await answer.Task);
        using var store = new Store();
        var options = new ComponentOptions { Modules = new() { Suspendable = SuspendableImports.All } };
        using var instance = linker.Instantiate(store, Compile(Echo(Text), options: options), 0);

        var task = instance.GetFunction<Func<string, ValueTask<string>>>("f")("late").AsTask();

        Assert.False(task.IsCompleted);
        answer.SetResult("r"); // nobody waited for it on this thread
        Assert.Equal("later", await task);
    }

    [Theory]
    [InlineData("test:host/api@0.2.9", true)]
    [InlineData("test:host/api@0.2.0-rc", false)]
    [InlineData("test:host/api@0.3.0", false)]
    [InlineData("test:host/api", false)]
    [InlineData("test:host/other@0.2.3", false)]
    public void An_import_of_a_compatible_version_is_found(string name, bool found)
    {
        var linker = new ComponentLinker<int>();
        linker.Instance(name).Function("f", (int given) => given);
        var component = Compile(Echo(S32), "test:host/api@0.2.3");
        if (found)
            linker.Check(component);
        else
            Assert.Contains("test:host/api@0.2.3", Assert.Throws<LinkException>(() => linker.Check(component)).Message);
    }

    [Fact]
    public void A_function_of_other_types_is_refused_by_name()
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", (Point given) => given);
        var wrong = Assert.Throws<LinkException>(() => linker.Check(Compile(Echo(S32))));
        Assert.Equal("incompatible import type: \"test:host/api@0.2.0\" \"f\": parameter `value`: it is s32 in the component, which C#'s Point does not stand for", wrong.Message);
        var swapped = new RecordType(["name", "x"], [Text, S32]);
        Assert.Contains("no constructor", Assert.Throws<LinkException>(() => linker.Check(Compile(Echo(swapped)))).Message);
    }

    [Fact]
    public void What_a_host_throws_comes_out_as_it_is()
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", int (int given) => throw new TimeoutException("too late"));
        using var store = new Store();
        using var instance = linker.Instantiate(store, Compile(Echo(S32)), 0);
        Assert.Equal("too late", Assert.Throws<TimeoutException>(() => instance.GetFunction<Func<int, int>>("f")(1)).Message);
    }

    [Fact]
    public void A_wrong_argument_leaves_the_instance_as_it_was()
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", (string given) => given);
        using var store = new Store();
        using var instance = linker.Instantiate(store, Compile(Echo(Text)), 0);
        var echo = instance.GetFunction<Func<string, string>>("f");
        Assert.Throws<ArgumentException>(() => echo("half a pair: \ud800"));
        Assert.ThrowsAny<ArgumentException>(() => echo(null!));
        Assert.Equal("whole", echo("whole"));
    }
}
