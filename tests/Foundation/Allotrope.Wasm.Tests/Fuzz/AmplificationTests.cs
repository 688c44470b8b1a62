using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Fuzz;

/// <summary>A mebibyte of the same thing over and over is read and checked, or refused, without much more memory than it has itself.</summary>
public sealed class AmplificationTests(ITestOutputHelper output)
{
    const int Size = 1 << 20;

    /// <summary>More declarations of a sort are refused at once.</summary>
    const int MostDeclarations = 100_000;

    static readonly byte[] Header = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];
    static readonly byte[] OneType = Section(1, [1, 0x60, 0, 0]), OneFunction = Section(3, [1, 0]);

    public static TheoryData<string> Names => [.. Modules.Keys];

    static Dictionary<string, Func<byte[]>> Modules { get; } = new()
    {
        ["signatures"] = () => [.. Header, .. Many(1, _ => [0x60, 0, 0])],
        ["different signatures"] = () => [.. Header, .. Many(1, i => [0x60, 14, .. Enumerable.Range(0, 14).Select(bit => (byte)(0x7f - (i >> (bit * 2 % 28) & 3))), 0])],
        ["short different signatures"] = () => [.. Header, .. Many(1, i => [0x60, 7, .. Enumerable.Range(0, 7).Select(place => (byte)(0x7f - (i / (int)Math.Pow(5, place) % 5))), 0])],
        ["different structs"] = () => [.. Header, .. Many(1, i => [0x5f, 4, .. Enumerable.Range(0, 4).SelectMany(place => (byte[])[(byte)(0x7f - (i >> (place * 3) & 3)), (byte)(i >> (place * 3 + 2) & 1)])])],
        ["structs"] = () => [.. Header, .. Many(1, i => [0x5f, 3, 0x7f, 0, 0x7e, 1, (byte)(0x7f - (i & 3)), 1])],
        ["structs together"] = () => [.. Header, .. Section(1, [1, 0x4e, .. Items(_ => [0x5f, 1, 0x7f, 0])])],
        ["groups of nothing"] = () => [.. Header, .. Many(1, _ => [0x4e, 0])],
        ["imports"] = () => [.. Header, .. OneType, .. Many(2, _ => [1, (byte)'a', 1, (byte)'b', 0, 0])],
        ["functions"] = () => [.. Header, .. OneType, .. Section(3, Items(_ => [0], 60_000)), .. Section(10, Items(_ => [2, 0, 0x0b], 60_000))],
        ["tables"] = () => [.. Header, .. Many(4, _ => [0x70, 0, 0])],
        ["memories"] = () => [.. Header, .. Many(5, _ => [0, 0])],
        ["tags"] = () => [.. Header, .. OneType, .. Many(13, _ => [0, 0])],
        ["globals"] = () => [.. Header, .. Many(6, _ => [0x7f, 0, 0x41, 0, 0x0b])],
        ["exports"] = () => [.. Header, .. OneType, .. OneFunction, .. Many(7, i => [4, (byte)(i & 0x7f), (byte)(i >> 7 & 0x7f), (byte)(i >> 14 & 0x7f), 1, 0, 0])],
        ["element segments"] = () => [.. Header, .. Many(9, _ => [1, 0, 0])],
        ["elements"] = () => [.. Header, .. OneType, .. OneFunction, .. Section(9, [1, 1, 0, .. Items(_ => [0])]), .. Body([])],
        ["element expressions"] = () => [.. Header, .. OneType, .. OneFunction, .. Section(9, [1, 5, 0x70, .. Items(_ => [0xd2, 0, 0x0b])]), .. Body([])],
        ["data segments"] = () => [.. Header, .. Many(11, _ => [1, 0])],
        ["groups of locals"] = () => [.. Header, .. OneType, .. OneFunction, .. Section(10, [1, .. Sized([.. Items(_ => [0, 0x7f]), 0x0b])])],
        ["custom sections"] = () => [.. Header, .. Enumerable.Repeat((byte[])[0, 1, 0], Size / 3).SelectMany(section => section)],
        ["blocks"] = () => Code(_ => [0x02, 0x40]),
        ["blocks that end"] = () => Code(_ => [0x02, 0x40, 0x0b]),
        ["operands"] = () => Code(_ => [0x41, 0]),
        ["operands that are dropped"] = () => Code(_ => [0x41, 0, 0x1a]),
        ["branches in a table"] = () => [.. Header, .. OneType, .. OneFunction, .. Body([0x41, 0, 0x0e, .. Items(_ => [0]), 0])],
        ["tables of branches"] = () => Code(_ => [0x02, 0x40, 0x41, 0, 0x0e, 1, 0, 0, 0x0b]),
        ["handlers"] = () => [.. Header, .. OneType, .. OneFunction, .. Body([0x1f, 0x40, .. Items(_ => [2, 0]), 0x0b])],
        ["names of functions"] = () => [.. Header, .. OneType, .. OneFunction, .. Body([]), .. Section(0, [4, .. "name"u8, 1, .. Sized(Items(_ => [0, 0]))])],
        ["constants"] = () => [.. Header, .. Section(6, [1, 0x7f, 0, 0x41, 0, .. Enumerable.Repeat((byte[])[0x41, 0, 0x6a], Size / 3).SelectMany(item => item), 0x0b])],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mebibyte_of_it_takes_no_more_than_64(string name)
    {
        var binary = Modules[name]();
        var allocated = Trial.AllocatedByChecking(binary);
        output.WriteLine($"{name}: {binary.Length >> 10} KiB took {allocated >> 10} KiB");
        Assert.InRange(allocated, 0, Trial.MostForAMebibyte);
    }

    static byte[] Code(Func<int, byte[]> item) => [.. Header, .. OneType, .. OneFunction, .. Body(Repeated(item).ToArray())];

    static byte[] Body(byte[] code) => Section(10, [1, .. Sized([0, .. code, 0x0b])]);

    static byte[] Many(int section, Func<int, byte[]> item) => Section(section, Items(item, MostDeclarations));

    /// <summary>As many as a mebibyte holds, behind their number.</summary>
    static byte[] Items(Func<int, byte[]> item, int most = int.MaxValue)
    {
        byte[] bytes = [.. Repeated(item, most)];
        return [.. Leb.Unsigned((ulong)(bytes.Length / item(0).Length)), .. bytes];
    }

    static IEnumerable<byte> Repeated(Func<int, byte[]> item, int most = int.MaxValue) => Enumerable.Range(0, Math.Min(most, Size / item(0).Length)).SelectMany(item);

    static byte[] Sized(byte[] content) => [.. Leb.Unsigned((ulong)content.Length), .. content];

    static byte[] Section(int id, byte[] content) => [(byte)id, .. Sized(content)];
}
