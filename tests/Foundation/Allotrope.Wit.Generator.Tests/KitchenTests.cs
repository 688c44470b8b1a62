using System.Text;
using Allotrope.Components;
using Allotrope.Wit.Tests.Test.Elsewhere;
using Allotrope.Wit.Tests.Test.Kitchen;

namespace Allotrope.Wit.Generator.Tests;

/// <summary>wit/kitchen.wit has everything; that this compiles says most of it.</summary>
public class KitchenTests
{
    [Fact]
    public void A_host_is_ordinary_classes_that_fill_a_linker()
    {
        var linker = new ComponentLinker<Tools>();
        ToolsInterface.AddTo(linker, tools => tools);
        KitchenWorld.AddTo(linker, tools => tools);
        Assert.Equal("test:kitchen/tools@0.2.1", ToolsInterface.Name);
    }

    [Fact]
    public void Flags_count_from_the_first_bit_and_have_the_narrowest_type()
    {
        Assert.Equal(2, (byte)Access.Write);
        Assert.Equal(typeof(ushort), Enum.GetUnderlyingType(typeof(Wide)));
        Assert.Equal(65536u, (uint)Wider.G16);
    }

    [Fact]
    public void The_cases_of_a_variant_can_be_told_apart() =>
        Assert.Equal("PUT", new Method.Other("PUT") switch { Method.Other(var name) => name, _ => "" });

    sealed class Tools : ITools, IKitchenImports
    {
        public ValueTask<ulong> Clock() => new(1);

        public (Place, Weather, Access, Method, Thing, Colour, ISink[], byte[]) Everything(
            bool a, sbyte b, ushort c, float d, Rune e, string @out, ulong[] f, byte? g, Option<byte?> h, ValueTuple<byte> i, Result<Unit, Unit> j, string[][] k, string?[] l, Place[]? m) =>
            (new(1, 2, true, e), Weather.DnsTimeout, Access.Read | Access.Write, new Method.Method_(h), new("x"), Colour.Green, [], []);

        public void Nothing()
        {
        }

        public ISink NewSink(ulong room) => new Sink();

        public Result<ISink, Weather> SinkOpen(string name) => Weather.Clear;

        public void Log(string text, Place at)
        {
        }
    }

    sealed class Sink : ISink
    {
        public Result<Unit, Method> Write(ReadOnlyMemory<byte> bytes) => default(Unit);

        public ValueTask<uint> Block() => new(1);

        public void GetType_()
        {
        }

        public void Dispose_()
        {
        }

        public (ulong, string) Join(ISink other, ISink mine) => (1, "");

        public void Dispose()
        {
        }
    }
}
