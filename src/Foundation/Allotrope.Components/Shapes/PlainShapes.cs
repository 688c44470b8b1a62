using System.Linq.Expressions;

namespace Allotrope.Components;

/// <summary>C# types for values whose types are known at run time only: on their way from one component to another, or to a host that takes any.</summary>
static class PlainShapes
{
    /// <summary>Parts of a function's type: for larger ones, which components make up themselves, generating code could take minutes.</summary>
    const int MostParts = 1_000;

    /// <summary>A signature of such types; null when there is none.</summary>
    /// <param name="type">The function's.</param>
    /// <param name="between">Whether the values go from one component straight to another, so that strings and lists of scalars are copied from memory to memory.</param>
    /// <param name="waits">Whether the delegate gives a ValueTask.</param>
    /// <param name="state">The type of the state that the delegate takes first; null when it takes none.</param>
    internal static Signature? TrySign(ComponentFunctionType type, bool between, bool waits, Type? state = null)
    {
        if (type.Size > MostParts)
            return null;
        var parameters = new Shape[type.Parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            if (TryOf(type.Parameters[i].Type, between) is not { } shape)
                return null;
            parameters[i] = shape;
        }

        var result = type.Result is null ? null : TryOf(type.Result, between);
        if (type.Result is not null && result is null)
            return null;
        var given = result?.Host ?? typeof(void);
        if (waits)
            given = result is null ? typeof(ValueTask) : typeof(ValueTask<>).MakeGenericType(given);
        var taken = parameters.Select(each => each.Host);
        return new(type, Expression.GetDelegateType([.. state is null ? taken : taken.Prepend(state), given]), TakesState: state is not null, parameters, result, waits);
    }

    static Shape? TryOf(WitType type, bool between)
    {
        switch (type)
        {
            case PrimitiveType { Kind: PrimitiveKind.String } or ListType { Length: null, Element: PrimitiveType { Kind: < PrimitiveKind.String } } when between:
                return new PassedShape(type);
            case PrimitiveType { Kind: PrimitiveKind.String } text: return new StringShape(text);
            case PrimitiveType scalar: return ShapeBinding.ScalarOf(scalar.Kind) is { } host ? new ScalarShape(host, scalar) : null;
            case ListType list: return TryOf(list.Element, between) is { } element ? new ListShape(list, element) : null;
            case RecordType record: return TryTuple(record, between);
            case VariantType { Form: VariantForm.Enum } cases: return new EnumShape(typeof(uint), cases);
            case FlagsType flags: return new FlagsShape(typeof(uint), flags);
            case HandleType handle: return new HandleShape(typeof(ResourceValue), handle);
            case VariantType { Form: VariantForm.Option } option:
                return TryOf(option.Cases[1].Type!, between) is { } some ? new OptionShape(typeof(Option<>).MakeGenericType(some.Host), option, some) : null;
            case VariantType { Form: VariantForm.Result } result: return TryResult(result, between);
            case VariantType variant: return TryChoice(variant, between);
            default: return null;
        }
    }

    static ChoiceShape? TryChoice(VariantType variant, bool between)
    {
        var cases = new Shape?[variant.Cases.Length];
        for (var i = 0; i < cases.Length; i++)
        {
            if (variant.Cases[i].Type is { } type && (cases[i] = TryOf(type, between)) is null)
                return null;
        }

        return new(Tuple([typeof(int), .. cases.OfType<Shape>().Select(each => each.Host).Distinct()]), variant, cases);
    }

    static ResultShape? TryResult(VariantType result, bool between)
    {
        var sides = new Shape?[2];
        for (var i = 0; i < sides.Length; i++)
        {
            if (result.Cases[i].Type is { } type && (sides[i] = TryOf(type, between)) is null)
                return null;
        }

        return new(typeof(Result<,>).MakeGenericType(sides[0]?.Host ?? typeof(Unit), sides[1]?.Host ?? typeof(Unit)), result, sides[0], sides[1]);
    }

    static RecordShape? TryTuple(RecordType record, bool between)
    {
        var fields = new Shape[record.Types.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            if (TryOf(record.Types[i], between) is not { } field)
                return null;
            fields[i] = field;
        }

        var host = Tuple([.. fields.Select(field => field.Host)]);
        return new(host, record, fields, host.GetConstructor(host.GetGenericArguments())!, RecordShape.TupleMembers(host));
    }

    static Type Tuple(Type[] parts)
    {
        Type[] arguments = parts.Length <= RecordShape.TupleFields ? parts : [.. parts[..RecordShape.TupleFields], Tuple(parts[RecordShape.TupleFields..])];
        var open = arguments.Length switch
        {
            1 => typeof(ValueTuple<>),
            2 => typeof(ValueTuple<,>),
            3 => typeof(ValueTuple<,,>),
            4 => typeof(ValueTuple<,,,>),
            5 => typeof(ValueTuple<,,,,>),
            6 => typeof(ValueTuple<,,,,,>),
            7 => typeof(ValueTuple<,,,,,,>),
            _ => typeof(ValueTuple<,,,,,,,>),
        };
        return open.MakeGenericType(arguments);
    }
}
