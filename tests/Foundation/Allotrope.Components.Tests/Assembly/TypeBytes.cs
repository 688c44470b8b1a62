using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Assembly;

/// <summary>Writes types of values, in one scope: what a type is made of first, and each type that needs a name under one.</summary>
/// <param name="define">Adds a type's bytes to the scope and gives its index.</param>
/// <param name="named">Gives the index of a type that needs a name, of the index that it was defined with, in that scope.</param>
sealed class TypeBytes(Func<byte[], int> define, Func<WitType, int?, int> named)
{
    static readonly Dictionary<PrimitiveKind, byte> Codes = new()
    {
        [PrimitiveKind.Bool] = 0x7F, [PrimitiveKind.S8] = 0x7E, [PrimitiveKind.U8] = 0x7D, [PrimitiveKind.S16] = 0x7C, [PrimitiveKind.U16] = 0x7B,
        [PrimitiveKind.S32] = 0x7A, [PrimitiveKind.U32] = 0x79, [PrimitiveKind.S64] = 0x78, [PrimitiveKind.U64] = 0x77, [PrimitiveKind.F32] = 0x76,
        [PrimitiveKind.F64] = 0x75, [PrimitiveKind.Char] = 0x74, [PrimitiveKind.String] = 0x73,
    };

    readonly Dictionary<WitType, int> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>As it is written where it is used.</summary>
    public byte[] Use(WitType type)
    {
        if (type is PrimitiveType primitive)
            return [Codes[primitive.Kind]];
        if (!_known.TryGetValue(type, out var index))
        {
            index = NeedsName(type) && named(type, null) is >= 0 and var there ? there : define(Definition(type));
            if (NeedsName(type) && named(type, null) < 0)
                index = named(type, index);
            _known.Add(type, index);
        }

        return Leb.Signed(index);
    }

    public static bool NeedsName(WitType type) => type is RecordType { IsTuple: false } or FlagsType or VariantType { Form: VariantForm.Variant or VariantForm.Enum };

    public byte[] Function(ComponentFunctionType type) => Join(
        [0x40], List([.. type.Parameters.Select(each => Join(Name(each.Name), Use(each.Type)))]),
        type.Result is null ? [1, 0] : Join([0], Use(type.Result)));

    byte[] Definition(WitType type) => type switch
    {
        RecordType { IsTuple: true } tuple => Join([0x6F], List([.. tuple.Types.Select(Use)])),
        RecordType record => Join([0x72], List([.. record.Labels.Zip(record.Types, (label, each) => Join(Name(label), Use(each)))])),
        ListType { Length: { } length } list => Join([0x67], Use(list.Element), Leb.Unsigned(length)),
        ListType list => Join([0x70], Use(list.Element)),
        FlagsType flags => Join([0x6E], List([.. flags.Labels.Select(Name)])),
        VariantType { Form: VariantForm.Option } option => Join([0x6B], Use(option.Cases[1].Type!)),
        VariantType { Form: VariantForm.Result } result => Join([0x6A], Optional(result.Cases[0].Type), Optional(result.Cases[1].Type)),
        VariantType { Form: VariantForm.Enum } cases => Join([0x6D], List([.. cases.Cases.Select(each => Name(each.Label))])),
        VariantType variant => Join([0x71], List([.. variant.Cases.Select(each => Join(Name(each.Label), Optional(each.Type), [0]))])),
        _ => throw new ArgumentException($"nothing writes {type}", nameof(type)),
    };

    byte[] Optional(WitType? type) => type is null ? [0] : Join([1], Use(type));
}
