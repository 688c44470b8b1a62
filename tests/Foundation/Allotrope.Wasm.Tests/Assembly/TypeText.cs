namespace Allotrope.Wasm.Tests.Assembly;

/// <summary>
/// Turns types into bytes. Values: <c>i32</c>, <c>funcref</c>, <c>ref:2</c> and <c>null:2</c> for references to type 2, <c>ref:any</c> for those
/// that are never null. Definitions: a signature such as <c>i32,ref:0->i64</c>, <c>struct:i32,mut_i8</c>, <c>array:mut_anyref</c>; before it
/// <c>open </c> when others may extend it and <c>sub=0 </c> when it extends type 0.
/// </summary>
static class TypeText
{
    const byte Final = 0x4f, Open = 0x50, Group = 0x4e, Function = 0x60, Struct = 0x5f, Array = 0x5e, Nullable = 0x63, NotNull = 0x64;

    public static byte[] Value(string text) => text.Split(':') switch
    {
        ["ref", var heap] => [NotNull, .. Heap(heap)],
        ["null", var heap] => [Nullable, .. Heap(heap)],
        _ => [(byte)Enum.Parse<ValueKind>(text, ignoreCase: true)],
    };

    public static byte[] Heap(string text) =>
        long.TryParse(text, out var index) ? Leb.Signed(index) : [(byte)Enum.Parse<ValueKind>($"{text}Ref", ignoreCase: true)];

    public static byte[][] Values(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Value)];

    /// <summary>Types that are defined together.</summary>
    public static byte[] Definitions(IReadOnlyList<string> group) =>
        group is [var alone] ? Definition(alone) : [Group, .. Leb.Unsigned((ulong)group.Count), .. group.SelectMany(Definition)];

    static byte[] Definition(string text)
    {
        var words = text.Split(' ');
        var super = words.Where(word => word.StartsWith("sub=", StringComparison.Ordinal)).Select(word => Leb.Unsigned(ulong.Parse(word[4..]))).ToList();
        byte[] head = words.Length == 1 ? [] : [words.Contains("open") ? Open : Final, (byte)super.Count, .. super.SelectMany(index => index)];
        return [.. head, .. Composite(words[^1])];
    }

    static byte[] Composite(string text) => text.Split(':', 2) switch
    {
        ["struct", var fields] => [Struct, .. Many(fields.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Field))],
        ["array", var element] => [Array, .. Field(element)],
        _ when text.Split("->") is [var parameters, var results] => [Function, .. Many(Values(parameters)), .. Many(Values(results))],
        _ => throw new FormatException($"'{text}' is no type definition."),
    };

    static byte[] Field(string text)
    {
        const string Mutable = "mut_";
        var mutable = text.StartsWith(Mutable, StringComparison.Ordinal);
        var storage = mutable ? text[Mutable.Length..] : text;
        byte[] bytes = storage switch
        {
            "i8" => [0x78],
            "i16" => [0x77],
            _ => Value(storage),
        };
        return [.. bytes, (byte)(mutable ? 1 : 0)];
    }

    static byte[] Many(IEnumerable<byte[]> items)
    {
        var all = items.ToList();
        return [.. Leb.Unsigned((ulong)all.Count), .. all.SelectMany(item => item)];
    }
}
