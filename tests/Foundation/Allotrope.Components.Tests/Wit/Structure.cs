using Allotrope.Components.Wit;

namespace Allotrope.Components.Tests.Wit;

/// <summary>Types written out in full, of components and of WIT, so that they can be compared without their names. Resources are told by their names.</summary>
static class Structure
{
    internal static string Of(WitType? type) => type switch
    {
        null => "_",
        RecordType { IsTuple: true } tuple => $"tuple<{string.Join(",", tuple.Types.Select(Of))}>",
        RecordType record => $"record({string.Join(",", record.Labels.Zip(record.Types, (label, field) => $"{label}:{Of(field)}"))})",
        VariantType { Form: VariantForm.Option } option => $"option<{Of(option.Cases[1].Type)}>",
        VariantType { Form: VariantForm.Result } result => $"result<{Of(result.Cases[0].Type)},{Of(result.Cases[1].Type)}>",
        VariantType { Form: VariantForm.Enum } cases => $"enum({string.Join(",", cases.Cases.Select(each => each.Label))})",
        VariantType variant => $"variant({string.Join(",", variant.Cases.Select(each => $"{each.Label}:{Of(each.Type)}"))})",
        FlagsType flags => $"flags({string.Join(",", flags.Labels)})",
        ListType list => $"list<{Of(list.Element)},{list.Length}>",
        HandleType handle => handle.IsBorrow ? "borrow" : "own",
        _ => type.ToString()!,
    };

    internal static string Of(ComponentFunctionType type) =>
        $"{(type.IsAsync ? "async " : "")}({string.Join(",", type.Parameters.Select(each => $"{each.Name}:{Of(each.Type)}"))})->{Of(type.Result)}";

    internal static string Of(WitExpression? type) => type switch
    {
        null => "_",
        WitExpression.Primitive primitive => primitive.Keyword,
        WitExpression.Named { Name.Target: var target } => Of(target.Origin),
        WitExpression.Borrow => "borrow",
        WitExpression.List list => $"list<{Of(list.Element)},{list.Length}>",
        WitExpression.Option option => $"option<{Of(option.Value)}>",
        WitExpression.Result result => $"result<{Of(result.Ok)},{Of(result.Error)}>",
        WitExpression.Tuple tuple => $"tuple<{string.Join(",", tuple.Items.Select(Of))}>",
        _ => WitPrinter.Type(type),
    };

    static string Of(WitDefinition definition) => definition switch
    {
        WitAlias alias => Of(alias.Type),
        WitRecord record => $"record({string.Join(",", record.Fields.Select(field => $"{field.Name}:{Of(field.Type)}"))})",
        WitVariant variant => $"variant({string.Join(",", variant.Cases.Select(each => $"{each.Name}:{Of(each.Type)}"))})",
        WitEnum { Cases: var cases } => $"enum({string.Join(",", cases.Select(each => each.Name))})",
        WitFlags { Flags: var flags } => $"flags({string.Join(",", flags.Select(each => each.Name))})",
        _ => "own",
    };

    internal static string Of(WitFunction function)
    {
        var self = function.Kind == WitFunctionKind.Method ? ["self:borrow"] : Array.Empty<string>();
        var result = function is { Kind: WitFunctionKind.Constructor, Result: null } ? "own" : Of(function.Result);
        return $"{(function.IsAsync ? "async " : "")}({string.Join(",", self.Concat(function.Parameters.Select(each => $"{each.Name}:{Of(each.Type)}")))})->{result}";
    }
}
