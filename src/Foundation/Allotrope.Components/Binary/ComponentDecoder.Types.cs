using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>The types of values, functions and resources.</content>
sealed partial class ComponentDecoder
{
    /// <summary>Bytes that a value of any type takes are fewer (the Canonical ABI's "Element Size").</summary>
    const long MostValueBytes = (1 << 28) - 1;

    /// <summary>Letters of a label.</summary>
    const int MostLetters = 1_000;

    /// <summary>Fields, cases, labels or parameters that one type may have.</summary>
    const int MostParts = 10_000;

    void ReadType(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var code = section.Peek();
        if (code == 0x3F)
        {
            section.Byte();
            ReadResource(ref section, scope, at);
            return;
        }

        TypeDefinition type = code switch
        {
            0x40 or 0x43 => ReadFunctionType(ref section, scope),
            0x41 => ReadComponentType(ref section, scope),
            0x42 => ReadInstanceType(ref section, scope),
            _ => ReadDefinedValueType(ref section, scope),
        };
        AddType(scope, type, at);
    }

    static void AddType(Scope scope, TypeDefinition type, int at)
    {
        if (type.Size > TypeDefinition.MostSize)
            throw new InvalidComponentException($"the type is larger than {TypeDefinition.MostSize} types written out", at);
        if (type.Depth > TypeDefinition.MostDepth)
            throw new InvalidComponentException($"the type is nested deeper than {TypeDefinition.MostDepth}", at);
        if (scope.Types.Count >= MostDefinitions)
            throw new InvalidComponentException($"more than {MostDefinitions} types", at);
        scope.Types.Add(type);
        scope.Definitions.Add(Definition.PlainType.One);
    }

    static void ReadResource(ref BinaryCursor section, Scope scope, int at)
    {
        var representation = TypeReader.ReadValue(ref section, scope.CoreTypes);
        if (representation != ValueKind.I32 && representation != ValueKind.I64)
            throw new InvalidComponentException("resources can only be represented by `i32` or `i64`", at);
        int? destructor = ReadFlag(ref section, "an optional destructor") ? section.Index() : null;
        if (scope.Kind != ScopeKind.Component)
            throw new InvalidComponentException("resources can only be defined within a concrete component", at);
        if (destructor is { } function
            && scope.CoreFunctions[Declared(function, scope.CoreFunctions.Count, "core function", at)] != FunctionType.Of([representation], []))
        {
            throw new InvalidComponentException($"wrong signature for a destructor: a function of type ({representation}) -> () was expected", at);
        }

        var identity = new ResourceIdentity { Representation = representation.Kind };
        scope.Defined.Add(identity);
        scope.Own.Add(identity);
        scope.Types.Add(new ResourceType(identity));
        scope.Definitions.Add(new Definition.Resource(identity, destructor));
    }

    static WitType ReadDefinedValueType(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        WitType type = section.Byte() switch
        {
            0x72 => ReadRecord(ref section, scope),
            0x71 => ReadVariant(ref section, scope),
            0x70 => new ListType(ReadValueType(ref section, scope)),
            0x67 => ReadFixedList(ref section, scope),
            0x6F => ReadTuple(ref section, scope),
            0x6E => ReadFlags(ref section),
            0x6D => VariantType.Enum(ReadLabels(ref section, "enum tag", "enum type must have at least one variant", MostParts)),
            0x6B => VariantType.Option(ReadValueType(ref section, scope)),
            0x6A => VariantType.Result(ReadOptionalValueType(ref section, scope), ReadOptionalValueType(ref section, scope)),
            0x69 => new HandleType(ReadResourceIndex(ref section, scope), isBorrow: false),
            0x68 => new HandleType(ReadResourceIndex(ref section, scope), isBorrow: true),
            0x66 => ReadChannel(ref section, scope, isFuture: false),
            0x65 => ReadChannel(ref section, scope, isFuture: true),
            0x63 => ReadMap(ref section, scope),
            var code => Primitive(code) ?? throw new InvalidComponentException($"invalid leading byte 0x{code:x2} for a type of a component", at),
        };
        if (type.Size <= TypeDefinition.MostSize && type.Depth <= TypeDefinition.MostDepth && type.LayoutIn(wide: true).Size > MostValueBytes)
            throw new InvalidComponentException($"the type exceeds maximum byte size: values of it would take more than {MostValueBytes} bytes", at);
        return type;
    }

    static PrimitiveType? Primitive(int code) => code switch
    {
        <= 0x7F and >= 0x73 => PrimitiveType.Of(PrimitiveKind.Bool + (0x7F - code)),
        0x64 => PrimitiveType.Of(PrimitiveKind.ErrorContext),
        _ => null,
    };

    /// <summary>A primitive type or the index of a type of values.</summary>
    static WitType ReadValueType(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var code = section.S33();
        if (code < 0)
        {
            return (code >= -64 ? Primitive((int)(code & 0x7F)) : null)
                ?? throw new InvalidComponentException($"invalid leading byte 0x{code & 0x7F:x2} for a type of values", at);
        }

        return scope.Types[Declared((int)Math.Min(code, int.MaxValue), scope.Types.Count, "type", at)] as WitType
            ?? throw new InvalidComponentException($"type index {code} is not a defined type: a type of values was expected", at);
    }

    static WitType? ReadOptionalValueType(ref BinaryCursor section, Scope scope) =>
        ReadFlag(ref section, "an optional type") ? ReadValueType(ref section, scope) : null;

    static ResourceType ReadResourceIndex(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var index = Declared(section.Index(), scope.Types.Count, "type", at);
        return scope.Types[index] as ResourceType ?? throw new InvalidComponentException($"type index {index} is not a resource type", at);
    }

    static RecordType ReadRecord(ref BinaryCursor section, Scope scope)
    {
        var (labels, types) = ReadLabelled(ref section, scope, "record field", "field");
        return types.IsEmpty ? throw new InvalidComponentException("record type must have at least one field", section.Position) : new(labels, types);
    }

    static VariantType ReadVariant(ref BinaryCursor section, Scope scope)
    {
        var cases = ImmutableArray.CreateBuilder<VariantCase>();
        var names = new UniqueNames();
        for (var left = Parts(ref section, "cases"); left > 0; left--)
        {
            var label = ReadLabel(ref section, names, "variant case", "case");
            cases.Add(new(label, ReadOptionalValueType(ref section, scope)));
            var at = section.Position;
            if (section.Byte() != 0)
                throw new InvalidComponentException("invalid leading byte after a case: zero was expected", at);
        }

        return cases.Count == 0 ? throw new InvalidComponentException("variant type must have at least one case", section.Position) : new(cases.ToImmutable());
    }

    static ListType ReadFixedList(ref BinaryCursor section, Scope scope)
    {
        var element = ReadValueType(ref section, scope);
        var at = section.Position;
        var length = section.U32();
        return length > 0 ? new(element, length) : throw new InvalidComponentException("fixed-length lists must have at least one element", at);
    }

    static RecordType ReadTuple(ref BinaryCursor section, Scope scope)
    {
        var types = ImmutableArray.CreateBuilder<WitType>();
        for (var left = Parts(ref section, "types"); left > 0; left--)
            types.Add(ReadValueType(ref section, scope));
        return types.Count == 0 ? throw new InvalidComponentException("tuple type must have at least one type", section.Position) : RecordType.Tuple(types.ToImmutable());
    }

    static FlagsType ReadFlags(ref BinaryCursor section) =>
        new(ReadLabels(ref section, "flag", "flags must have at least one entry", FlagsType.Most));

    static ChannelType ReadChannel(ref BinaryCursor section, Scope scope, bool isFuture)
    {
        var at = section.Position;
        var element = ReadOptionalValueType(ref section, scope);
        var what = isFuture ? "future" : "stream";
        if (element is { HasBorrow: true })
            throw new InvalidComponentException($"`{what}` cannot contain a `borrow` type", at);
        if (!isFuture && element is PrimitiveType { Kind: PrimitiveKind.Char })
            throw new InvalidComponentException("`stream<char>` is not valid at this time", at);
        return new(element, isFuture);
    }

    /// <summary>The values of a map are those of a list of pairs.</summary>
    static ListType ReadMap(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var key = ReadValueType(ref section, scope);
        if (key is not PrimitiveType { Kind: not (PrimitiveKind.F32 or PrimitiveKind.F64 or PrimitiveKind.ErrorContext) })
            throw new InvalidComponentException($"{key} cannot be the key of a map", at);
        return new(RecordType.Tuple([key, ReadValueType(ref section, scope)])) { IsMap = true };
    }

    static ComponentFunctionType ReadFunctionType(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var isAsync = section.Byte() == 0x43;
        var (names, types) = ReadLabelled(ref section, scope, "function parameter", "parameter");
        var result = ReadResult(ref section, scope);
        if (result is { HasBorrow: true })
            throw new InvalidComponentException("function result cannot contain a `borrow` type", at);
        return new([.. names.Zip(types, (name, type) => new Parameter(name, type))], result, isAsync);
    }

    static WitType? ReadResult(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        switch (section.Byte())
        {
            case 0: return ReadValueType(ref section, scope);
            case 1 when section.Byte() == 0: return null;
            default: throw new InvalidComponentException("invalid leading byte of a function's result", at);
        }
    }

    static (ImmutableArray<string> Labels, ImmutableArray<WitType> Types) ReadLabelled(ref BinaryCursor section, Scope scope, string what, string brief)
    {
        var labels = ImmutableArray.CreateBuilder<string>();
        var types = ImmutableArray.CreateBuilder<WitType>();
        var names = new UniqueNames();
        for (var left = Parts(ref section, $"{brief}s"); left > 0; left--)
        {
            labels.Add(ReadLabel(ref section, names, what, brief));
            types.Add(ReadValueType(ref section, scope));
        }

        return (labels.ToImmutable(), types.ToImmutable());
    }

    static ImmutableArray<string> ReadLabels(ref BinaryCursor section, string what, string whenNone, int most)
    {
        var at = section.Position;
        var labels = ImmutableArray.CreateBuilder<string>();
        var names = new UniqueNames();
        for (var left = Parts(ref section, "labels"); left > 0; left--)
            labels.Add(ReadLabel(ref section, names, what, what[(what.IndexOf(' ') + 1)..]));
        return labels.Count == 0 ? throw new InvalidComponentException(whenNone, at)
            : labels.Count > most ? throw new InvalidComponentException($"cannot have more than {most} labels of a {what}", at)
            : labels.ToImmutable();
    }

    static string ReadLabel(ref BinaryCursor section, UniqueNames names, string what, string brief)
    {
        var at = section.Position;
        var label = section.Name();
        if (label.Length == 0)
            throw new InvalidComponentException($"{what} name cannot be empty", at);
        if (label.Length > MostLetters)
            throw new InvalidComponentException($"a {what} name has {label.Length} letters and {MostLetters} are allowed", at);
        if (!Label.IsValid(label))
            throw new InvalidComponentException($"{what} name `{label}` is not in kebab case", at);
        return names.TryAdd(label) is { } other
            ? throw new InvalidComponentException($"{what} name `{label}` conflicts with previous {brief} name `{other}`", at)
            : label;
    }

    static int Parts(ref BinaryCursor section, string what)
    {
        var at = section.Position;
        var count = section.Count();
        return count <= MostParts ? count : throw new InvalidComponentException($"a type has {count} {what} and {MostParts} are allowed", at);
    }
}
