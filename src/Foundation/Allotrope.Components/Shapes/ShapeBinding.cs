using System.Reflection;
using System.Text;

namespace Allotrope.Components;

/// <summary>Checks C# types against the component's (see docs/reference/wit-csharp.md for what stands for what).</summary>
/// <param name="hostOf">The C# type of a resource; null for one that a guest defines.</param>
sealed class ShapeBinding(Func<ResourceType, Type?> hostOf)
{
    static readonly Dictionary<PrimitiveKind, Type> Scalars = new()
    {
        [PrimitiveKind.Bool] = typeof(bool), [PrimitiveKind.Char] = typeof(Rune),
        [PrimitiveKind.S8] = typeof(sbyte), [PrimitiveKind.U8] = typeof(byte), [PrimitiveKind.S16] = typeof(short), [PrimitiveKind.U16] = typeof(ushort),
        [PrimitiveKind.S32] = typeof(int), [PrimitiveKind.U32] = typeof(uint), [PrimitiveKind.S64] = typeof(long), [PrimitiveKind.U64] = typeof(ulong),
        [PrimitiveKind.F32] = typeof(float), [PrimitiveKind.F64] = typeof(double),
    };

    /// <param name="host">The C# type.</param>
    /// <param name="wit">The component's type.</param>
    /// <param name="isGiven">Whether the host gives such values; else it takes them, and may take them as something more general.</param>
    /// <exception cref="TypeMismatchException">The one does not stand for the other.</exception>
    internal Shape Bind(Type host, WitType wit, bool isGiven)
    {
        switch (wit)
        {
            case PrimitiveType { Kind: PrimitiveKind.String } text when host == typeof(string): return new StringShape(text);
            case PrimitiveType scalar when Scalars.GetValueOrDefault(scalar.Kind) == host: return new ScalarShape(host, scalar);
            case ListType list when host.IsSZArray: return new ListShape(list, Bind(host.GetElementType()!, list.Element, isGiven));
            case ListType { Length: null, Element: PrimitiveType { Kind: PrimitiveKind.U8 } } list when host == typeof(ReadOnlyMemory<byte>):
                return new BytesShape(list);
            case RecordType { IsTuple: true } tuple when IsTuple(host): return BindTuple(host, tuple, isGiven);
            case RecordType { IsTuple: false } record: return BindRecord(host, record, isGiven);
            case VariantType { Form: VariantForm.Option } option: return BindOption(host, option, isGiven);
            case VariantType { Form: VariantForm.Result } result when IsGeneric(host, typeof(Result<,>)): return BindResult(host, result, isGiven);
            case VariantType { Form: VariantForm.Enum } cases when host.IsEnum: return BindEnum(host, cases);
            case VariantType { Form: VariantForm.Variant } variant: return BindVariant(host, variant, isGiven);
            case FlagsType flags when host.IsEnum: return BindFlags(host, flags);
            case HandleType handle: return BindHandle(host, handle, isGiven);
            default: throw Unlike(host, wit);
        }
    }

    /// <summary>The C# type of a scalar; null for what has none.</summary>
    internal static Type? ScalarOf(PrimitiveKind kind) => Scalars.GetValueOrDefault(kind);

    static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    static TypeMismatchException Unlike(Type host, WitType wit) => new($"it is {wit} in the component, which C#'s {Name(host)} does not stand for");

    static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    OptionShape BindOption(Type host, VariantType option, bool isGiven)
    {
        var some = option.Cases[1].Type!;
        if (IsGeneric(host, typeof(Option<>)))
            return new OptionShape(host, option, Bind(host.GetGenericArguments()[0], some, isGiven));
        if (some is VariantType { Form: VariantForm.Option } || (host.IsValueType && Nullable.GetUnderlyingType(host) is null))
            throw Unlike(host, option);
        return new OptionShape(host, option, Bind(Nullable.GetUnderlyingType(host) ?? host, some, isGiven));
    }

    ResultShape BindResult(Type host, VariantType result, bool isGiven)
    {
        var sides = host.GetGenericArguments();
        return new ResultShape(host, result, Side(0), Side(1));

        Shape? Side(int which) => result.Cases[which].Type is { } type ? Bind(sides[which], type, isGiven)
            : sides[which] == typeof(Unit) ? null
            : throw Unlike(host, result);
    }

    static bool IsTuple(Type type) => type.IsValueType && type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true;

    /// <summary>Tuples of more than seven have a tuple for their rest.</summary>
    RecordShape BindTuple(Type host, RecordType tuple, bool isGiven)
    {
        var members = RecordShape.TupleMembers(host);
        Type[] types = [.. members.Select(path => ((FieldInfo)path[^1]).FieldType)];
        if (types.Length != tuple.Types.Length)
            throw Unlike(host, tuple);
        Shape[] fields = [.. tuple.Types.Select((type, i) => Bind(types[i], type, isGiven))];
        return new RecordShape(host, tuple, fields, host.GetConstructor(host.GetGenericArguments())!, members);
    }

    RecordShape BindRecord(Type host, RecordType record, bool isGiven)
    {
        foreach (var constructor in host.GetConstructors())
        {
            var parameters = constructor.GetParameters();
            if (parameters.Length != record.Types.Length || !parameters.Zip(record.Labels).All(pair => IsNamed(pair.First.Name!, pair.Second)))
                continue;
            var members = parameters.Select(parameter => (MemberInfo?)host.GetProperty(parameter.Name!)).ToArray();
            if (Array.IndexOf(members, null) >= 0)
                continue;
            var fields = new Shape[members.Length];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = Inside(record.Labels[i], () => Bind(parameters[i].ParameterType, record.Types[i], isGiven));
            return new RecordShape(host, record, fields, constructor, [.. members.Select(member => new[] { member! })]);
        }

        throw new TypeMismatchException($"it is {record} in the component, and C#'s {Name(host)} has no constructor and properties for these fields in this order");
    }

    static EnumShape BindEnum(Type host, VariantType cases)
    {
        var names = Enum.GetNames(host);
        for (var i = 0; i < cases.Cases.Length; i++)
            RequireMember(host, names, cases.Cases[i].Label, (ulong)i);
        return names.Length == cases.Cases.Length
            ? new EnumShape(host, cases)
            : throw new TypeMismatchException($"C#'s {Name(host)} has {names.Length} members and {cases} has {cases.Cases.Length} cases");
    }

    static FlagsShape BindFlags(Type host, FlagsType flags)
    {
        var names = Enum.GetNames(host);
        for (var i = 0; i < flags.Labels.Length; i++)
            RequireMember(host, names, flags.Labels[i], 1UL << i);
        return new FlagsShape(host, flags);
    }

    static void RequireMember(Type host, string[] names, string label, ulong value)
    {
        var name = Array.Find(names, name => IsNamed(name, label))
            ?? throw new TypeMismatchException($"C#'s {Name(host)} has no member for `{label}`");
        var found = Enum.Parse(host, name);
        if (!Enum.ToObject(host, value).Equals(found))
            throw new TypeMismatchException($"{name} of C#'s {Name(host)} must be {value}, as `{label}` is in the component");
    }

    VariantShape BindVariant(Type host, VariantType variant, bool isGiven)
    {
        var nested = host.GetNestedTypes();
        var cases = new VariantShape.Case[variant.Cases.Length];
        for (var i = 0; i < cases.Length; i++)
        {
            var (label, type) = variant.Cases[i];
            var found = Array.Find(nested, each => each.IsSubclassOf(host) && IsNamed(each.Name, label))
                ?? throw new TypeMismatchException($"it is {variant} in the component, and within C#'s {Name(host)} is no record for case `{label}`");
            var value = found.GetProperty("Value", BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)?.PropertyType;
            if (value is null != type is null || found.GetConstructor(value is null ? [] : [value]) is null)
                throw new TypeMismatchException($"case `{label}` is {type?.ToString() ?? "without a value"} in the component, and C#'s {Name(host)}.{found.Name} {(value is null ? "has no value" : $"has a value of {Name(value)}")}");
            cases[i] = new(found, type is null ? null : Inside(label, () => Bind(value!, type, isGiven)));
        }

        return new VariantShape(host, variant, cases);
    }

    HandleShape BindHandle(Type host, HandleType handle, bool isGiven)
    {
        var known = hostOf(handle.Resource);
        var fits = known is null ? host == typeof(ResourceValue)
            : !host.IsValueType && (isGiven ? known.IsAssignableFrom(host) : host.IsAssignableFrom(known));
        return fits ? new HandleShape(host, handle)
            : throw new TypeMismatchException($"it is {handle} in the component, which is a {(known is null ? nameof(ResourceValue) : Name(known))} here, not a {Name(host)}");
    }

    /// <summary>Names are the same but for case, hyphens and underscores.</summary>
    static bool IsNamed(string name, string label)
    {
        var place = 0;
        foreach (var letter in label)
        {
            if (letter == '-')
                continue;
            while (place < name.Length && name[place] == '_')
                place++;
            if (place == name.Length || char.ToLowerInvariant(name[place++]) != char.ToLowerInvariant(letter))
                return false;
        }

        return name.AsSpan(place).IndexOfAnyExcept('_') < 0;
    }

    static Shape Inside(string label, Func<Shape> bind)
    {
        try
        {
            return bind();
        }
        catch (TypeMismatchException e)
        {
            throw new TypeMismatchException($"`{label}`: {e.Message}");
        }
    }
}
