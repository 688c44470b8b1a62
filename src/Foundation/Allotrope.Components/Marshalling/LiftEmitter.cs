using System.Linq.Expressions;

namespace Allotrope.Components;

/// <summary>Writes the code that makes C# values of a guest's: from core values and from memory (Canonical ABI, "Loading" and "Flat Lifting").</summary>
/// <param name="boundary">The guest's <see cref="Boundary"/>.</param>
/// <param name="slots">Where resources are.</param>
/// <param name="wide">Whether addresses have 64 bits.</param>
/// <param name="amongOwn">Whether handles that are lent are passed beside own ones, which must be others.</param>
sealed class LiftEmitter(Expression boundary, HandleSlots slots, bool wide, bool amongOwn)
{
    /// <summary>The values of the shapes, which were passed in memory when they are too many.</summary>
    /// <param name="shapes">What they are.</param>
    /// <param name="flat">The core values, which more may follow.</param>
    /// <param name="most">So many core values are passed without a memory.</param>
    /// <param name="variables">Gets what the values are in.</param>
    /// <param name="code">Gets the code.</param>
    internal ParameterExpression[] Values(Shape[] shapes, Expression[] flat, int most, List<ParameterExpression> variables, List<Expression> code)
    {
        var values = Array.ConvertAll(shapes, shape => Expression.Variable(shape.Host));
        variables.AddRange(values);
        if (Shapes.AreFlat(shapes, most, wide))
        {
            var next = 0;
            for (var i = 0; i < shapes.Length; i++)
            {
                var count = shapes[i].Wit.FlatIn(wide)!.Length;
                code.Add(Expression.Assign(values[i], Flat(shapes[i], flat[next..(next + count)])));
                next += count;
            }

            return values;
        }

        var layout = Layout.Sequence(shapes.Select(shape => shape.Wit), wide);
        var address = Expression.Variable(typeof(ulong));
        variables.Add(address);
        code.Add(Expression.Assign(address, Call(
            nameof(Boundary.CheckRead), CoreTypes.Address(flat[0]), Expression.Constant((ulong)layout.Size), Expression.Constant(layout.Alignment),
            Expression.Constant(shapes.Sum(shape => shape.HeapBytes)))));
        foreach (var (i, offset) in Shapes.Offsets(shapes, wide).Index())
            code.Add(Expression.Assign(values[i], Load(shapes[i], address, offset)));
        return values;
    }

    Expression Flat(Shape shape, Expression[] flat)
    {
        switch (shape)
        {
            case ScalarShape scalar: return Scalar(scalar, flat[0]);
            case StringShape or BytesShape or PassedShape or ListShape { Length: null }:
                return Reference(shape, CoreTypes.Address(flat[0]), CoreTypes.Address(flat[1]));
            case ListShape list:
                var each = flat.Length / (int)list.Length!;
                return Expression.NewArrayInit(list.Element.Host, Enumerable.Range(0, (int)list.Length).Select(i => Flat(list.Element, flat[(i * each)..((i + 1) * each)])));
            case RecordShape record:
                var next = 0;
                return Make(record, record.Fields.Select(field =>
                {
                    var count = field.Wit.FlatIn(wide)!.Length;
                    next += count;
                    return Flat(field, flat[(next - count)..next]);
                }));
            case FlagsShape flags: return Flags(flags, flat[0]);
            case HandleShape handle: return Handle(handle, flat[0]);
            default: return Choice(shape, flat[0], part => Flat(part, Narrowed(part, flat[1..])));
        }
    }

    /// <summary>The core values of one case, out of those that all cases share.</summary>
    Expression[] Narrowed(Shape part, Expression[] shared) =>
        [.. part.Wit.FlatIn(wide)!.Select((kind, i) => CoreTypes.Reinterpret(shared[i], CoreTypes.Of(kind)))];

    Expression Load(Shape shape, Expression address, ulong offset)
    {
        switch (shape)
        {
            case ScalarShape scalar: return Scalar(scalar, ReadScalar(scalar, address, offset));
            case StringShape or BytesShape or PassedShape or ListShape { Length: null }:
                return Reference(shape, Pointer(address, offset), Pointer(address, offset + (wide ? 8UL : 4UL)));
            case ListShape list: return Items(list, At(address, offset), Expression.Constant((int)list.Length!));
            case RecordShape record:
                var offsets = Shapes.Offsets(record.Fields, wide);
                return Make(record, record.Fields.Select((field, i) => Load(field, address, offset + offsets[i])));
            case FlagsShape flags: return Flags(flags, Read(address, offset, flags.Wit.LayoutIn(wide).Size));
            case HandleShape handle: return Handle(handle, Read(address, offset, 4));
            default:
                var variant = (VariantType)shape.Wit;
                var payload = offset + (ulong)variant.PayloadOffset(wide);
                return Choice(shape, Read(address, offset, Layout.Discriminant(variant.Cases.Length)), part => Load(part, address, payload));
        }
    }

    /// <summary>Options, results, enumerations and variants.</summary>
    Expression Choice(Shape shape, Expression discriminant, Func<Shape, Expression> lift)
    {
        var which = Call(nameof(Boundary.Case), Expression.Convert(discriminant, typeof(uint)), Expression.Constant(((VariantType)shape.Wit).Cases.Length));
        switch (shape)
        {
            case EnumShape: return Expression.Convert(which, shape.Host);
            case OptionShape { IsExplicit: true } option:
                return If(which, Expression.Default(option.Host), Expression.New(
                    option.Host.GetConstructor([typeof(bool), option.Some.Host])!, Expression.Constant(true), lift(option.Some)));
            case OptionShape option: return If(which, Expression.Default(option.Host), Expression.Convert(lift(option.Some), option.Host));
            case ResultShape result:
                return If(which, Side(nameof(Result<,>.Ok), result.Ok), Side(nameof(Result<,>.Fail), result.Error));
            case ChoiceShape choice: return Tagged(choice, which, lift);
            default:
                var variant = (VariantShape)shape;
                return Expression.Switch(
                    variant.Host, which, Expression.Default(variant.Host), null,
                    variant.Cases.Select((each, i) => Expression.SwitchCase(
                        Expression.Convert(each.Value is null ? Expression.New(each.Type) : Expression.New(each.Type.GetConstructor([each.Value.Host])!, lift(each.Value)), variant.Host),
                        Expression.Constant(i))));
        }

        Expression Side(string name, Shape? side) =>
            Expression.Call(shape.Host, name, null, side is null ? Expression.Default(typeof(Unit)) : lift(side));

        static Expression If(Expression which, Expression first, Expression second) =>
            Expression.Condition(Expression.Equal(which, Expression.Constant(0)), first, second);
    }

    /// <summary>A variant as a tuple: its places are empty but for the case's own.</summary>
    static BlockExpression Tagged(ChoiceShape choice, Expression which, Func<Shape, Expression> lift)
    {
        var made = Expression.Variable(choice.Host);
        var number = Member(choice.Number);
        return Expression.Block(
            [made],
            Expression.Assign(made, Expression.Default(choice.Host)),
            Expression.Assign(number, which),
            Expression.Switch(typeof(void), number, Expression.Empty(), null, choice.Cases.Select((part, i) => Expression.SwitchCase(
                part is null ? Expression.Empty() : Expression.Block(typeof(void), Expression.Assign(Member(choice.PlaceOf(part)), lift(part))), Expression.Constant(i)))),
            made);

        Expression Member(System.Reflection.MemberInfo[] path) => path.Aggregate((Expression)made, Expression.MakeMemberAccess);
    }

    static Expression Make(RecordShape record, IEnumerable<Expression> fields)
    {
        return Make(record.Constructor, [.. fields]);

        Expression Make(System.Reflection.ConstructorInfo constructor, Expression[] parts) => record.IsLongTuple(parts.Length)
            ? Expression.New(constructor, [.. parts[..RecordShape.TupleFields], Make(RecordShape.Rest(constructor), parts[RecordShape.TupleFields..])])
            : Expression.New(constructor, parts);
    }

    static Expression Scalar(ScalarShape scalar, Expression core) => scalar.Kind switch
    {
        PrimitiveKind.Bool => Expression.NotEqual(core, Expression.Constant(0)),
        PrimitiveKind.F32 => Expression.Call(CoreTypes.Method(typeof(Boundary), nameof(Boundary.ToSingle)), core),
        PrimitiveKind.F64 => Expression.Call(CoreTypes.Method(typeof(Boundary), nameof(Boundary.ToDouble)), core),
        PrimitiveKind.Char => Expression.Call(CoreTypes.Method(typeof(Boundary), nameof(Boundary.ToRune)), Expression.Convert(core, typeof(uint))),
        _ => Expression.Convert(core, scalar.Host),
    };

    Expression ReadScalar(ScalarShape scalar, Expression address, ulong offset)
    {
        var bits = Read(address, offset, scalar.Wit.LayoutIn(wide).Size);
        return scalar.Kind switch
        {
            PrimitiveKind.F32 => CoreTypes.Reinterpret(bits, typeof(float)),
            PrimitiveKind.F64 => CoreTypes.Reinterpret(bits, typeof(double)),
            _ => bits,
        };
    }

    static UnaryExpression Flags(FlagsShape flags, Expression core) =>
        Expression.Convert(Expression.And(Expression.Convert(core, typeof(uint)), Expression.Constant(flags.Mask)), flags.Host);

    UnaryExpression Handle(HandleShape handle, Expression core)
    {
        var name = (handle.IsGuests, handle.IsBorrow) switch
        {
            (true, true) => nameof(Boundary.LendGuest),
            (true, false) => nameof(Boundary.TakeGuest),
            (false, true) => amongOwn ? nameof(Boundary.LendHostAmongOwn) : nameof(Boundary.LendHost),
            _ => nameof(Boundary.TakeHost),
        };
        return Expression.Convert(Call(name, Expression.Convert(core, typeof(uint)), slots.Of(handle.Resource)), handle.Host);
    }

    Expression Reference(Shape shape, Expression address, Expression length)
    {
        switch (shape)
        {
            case StringShape: return Call(nameof(Boundary.LoadString), address, length);
            case BytesShape: return Call(nameof(Boundary.LoadMemory), address, length);
            case PassedShape { Items: { } kind }: return Call(nameof(Boundary.LoadPassedList), address, length, Expression.Constant(kind));
            case PassedShape: return Call(nameof(Boundary.LoadPassedString), address, length);
        }

        var list = (ListShape)shape;
        if (list.Element is ScalarShape scalar)
        {
            return scalar.Kind switch
            {
                PrimitiveKind.Bool => Call(nameof(Boundary.LoadBools), address, length),
                PrimitiveKind.Char => Call(nameof(Boundary.LoadRunes), address, length),
                _ => Expression.Call(boundary, CoreTypes.Method(typeof(Boundary), nameof(Boundary.LoadScalars)).MakeGenericMethod(scalar.Host), address, length),
            };
        }

        var first = Expression.Variable(typeof(ulong));
        var layout = list.Element.Wit.LayoutIn(wide);
        var count = Call(
            nameof(Boundary.CheckList), first, length, Expression.Constant((ulong)layout.Size), Expression.Constant(layout.Alignment),
            Expression.Constant(Math.Max(list.Element.HeapBytes, CallScope.ItemBytes)));
        return Expression.Block([first], Expression.Assign(first, address), Items(list, first, count));
    }

    BlockExpression Items(ListShape list, Expression first, Expression count)
    {
        var address = Expression.Variable(typeof(ulong));
        var items = Expression.Variable(list.Host);
        var i = Expression.Variable(typeof(int));
        var end = Expression.Label();
        return Expression.Block(
            [address, items, i],
            Expression.Assign(address, first),
            Expression.Assign(items, Expression.NewArrayBounds(list.Element.Host, count)),
            Expression.Assign(i, Expression.Constant(0)),
            Expression.Loop(
                Expression.IfThenElse(
                    Expression.LessThan(i, Expression.ArrayLength(items)),
                    Expression.Block(
                        Expression.Assign(Expression.ArrayAccess(items, i), Load(list.Element, address, 0)),
                        Expression.AddAssign(address, Expression.Constant((ulong)list.Element.Wit.LayoutIn(wide).Size)),
                        Expression.PreIncrementAssign(i)),
                    Expression.Break(end)),
                end),
            items);
    }

    /// <summary>The bits at an address, as int or long.</summary>
    UnaryExpression Read(Expression address, ulong offset, long size) => size switch
    {
        1 => Expression.Convert(Call(nameof(Boundary.ReadU8), At(address, offset)), typeof(int)),
        2 => Expression.Convert(Call(nameof(Boundary.ReadU16), At(address, offset)), typeof(int)),
        4 => Expression.Convert(Call(nameof(Boundary.ReadU32), At(address, offset)), typeof(int)),
        _ => Expression.Convert(Call(nameof(Boundary.ReadU64), At(address, offset)), typeof(long)),
    };

    Expression Pointer(Expression address, ulong offset) => CoreTypes.Address(Read(address, offset, wide ? 8 : 4));

    static Expression At(Expression address, ulong offset) => offset == 0 ? address : Expression.Add(address, Expression.Constant(offset));

    MethodCallExpression Call(string name, params Expression[] arguments)
    {
        var method = CoreTypes.Method(typeof(Boundary), name);
        return Expression.Call(method.IsStatic ? null : boundary, method, arguments);
    }
}
