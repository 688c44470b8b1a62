using System.Globalization;
using System.Text;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.SpecTests;

/// <summary>Turns the constants of a script, such as <c>(list.const (u8.const 1))</c>, into values of the type that is wanted.</summary>
static class ComponentConstant
{
    public static object? Read(Node node, WitType type)
    {
        var items = ((Node.Sequence)node).Items.Skip(1).ToList();
        return type switch
        {
            PrimitiveType { Kind: PrimitiveKind.String } => Text(items[0]),
            PrimitiveType { Kind: PrimitiveKind.Char } => Text(items[0]).EnumerateRunes().Single(),
            PrimitiveType primitive => Number(primitive.Kind, ((Node.Word)items[0]).Value),
            ListType { Element: PrimitiveType { Kind: PrimitiveKind.U8 }, Length: null } list =>
                items.ConvertAll(item => (byte)Read(item, list.Element)!).ToArray(),
            ListType list => items.Select(item => Read(item, list.Element)).ToArray(),
            RecordType { IsTuple: true } tuple => items.Zip(tuple.Types, Read).ToArray(),
            // (field "name" u32.const 7): the value's own parentheses are left out
            RecordType record => items.Cast<Node.Sequence>().Zip(record.Types, (field, each) => Read(field with { Items = [.. field.Items.Skip(2)] }, each)).ToArray(),
            VariantType variant => Variant(((Node.Sequence)node).Head, items, variant),
            FlagsType flags => items.Aggregate(0u, (bits, item) => bits | (1u << flags.Labels.IndexOf(Text(item)))),
            _ => throw new FormatException($"line {node.Line}: no constant of type {type} is known"),
        };
    }

    /// <summary>Whether two values are the same, whatever they are made of.</summary>
    public static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (object?[] items, object?[] others) => items.Length == others.Length && items.Zip(others).All(pair => AreEqual(pair.First, pair.Second)),
        (byte[] bytes, byte[] others) => bytes.AsSpan().SequenceEqual(others),
        (VariantValue variant, VariantValue another) => variant.Case == another.Case && AreEqual(variant.Value, another.Value),
        _ => Equals(one, other),
    };

    static VariantValue Variant(string head, List<Node> items, VariantType type)
    {
        var label = head switch
        {
            "option.some" => "some",
            "option.none" => "none",
            "result.ok" => "ok",
            "result.err" => "error",
            _ => Text(items[0]),
        };
        var value = items.Find(item => item is Node.Sequence);
        var which = type.Cases.Select(each => each.Label).ToList().IndexOf(label);
        return new(which, value is null ? null : Read(value, type.Cases[which].Type!));
    }

    static object Number(PrimitiveKind kind, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (text.StartsWith("0x", StringComparison.Ordinal))
            text = ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, culture).ToString(culture);
        return kind switch
        {
            PrimitiveKind.Bool => text == "true",
            PrimitiveKind.S8 => sbyte.Parse(text, culture),
            PrimitiveKind.U8 => byte.Parse(text, culture),
            PrimitiveKind.S16 => short.Parse(text, culture),
            PrimitiveKind.U16 => ushort.Parse(text, culture),
            PrimitiveKind.S32 => int.Parse(text, culture),
            PrimitiveKind.U32 => uint.Parse(text, culture),
            PrimitiveKind.S64 => long.Parse(text, culture),
            PrimitiveKind.U64 => ulong.Parse(text, culture),
            PrimitiveKind.F32 => float.Parse(text, culture),
            _ => double.Parse(text, culture),
        };
    }

    static string Text(Node node) => Encoding.UTF8.GetString(((Node.Text)node).Bytes);
}
