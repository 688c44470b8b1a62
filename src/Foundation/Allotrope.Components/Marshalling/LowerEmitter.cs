using System.Linq.Expressions;
using System.Reflection;
using System.Text;

namespace Allotrope.Components;

/// <summary>Writes the code that gives C# values to a guest: as core values and in its memory (Canonical ABI, "Storing" and "Flat Lowering").</summary>
/// <param name="boundary">The guest's <see cref="Boundary"/>.</param>
/// <param name="slots">Where resources are.</param>
/// <param name="wide">Whether addresses have 64 bits.</param>
sealed class LowerEmitter(Expression boundary, HandleSlots slots, bool wide)
{
    /// <summary>The core values of the shapes; an address where they are too many.</summary>
    internal ParameterExpression[] Arguments(Shape[] shapes, Expression[] values, List<ParameterExpression> variables, List<Expression> code)
    {
        if (!Shapes.AreFlat(shapes, CanonicalSignature.MostParameters, wide))
        {
            var layout = Layout.Sequence(shapes.Select(shape => shape.Wit), wide);
            var address = Expression.Variable(typeof(ulong));
            var pointer = Expression.Variable(wide ? typeof(long) : typeof(int));
            variables.AddRange([address, pointer]);
            code.Add(Expression.Assign(address, Call(nameof(Boundary.Allocate), Expression.Constant(layout.Alignment), Expression.Constant((ulong)layout.Size))));
            foreach (var (i, offset) in Shapes.Offsets(shapes, wide).Index())
                code.Add(Store(shapes[i], values[i], address, offset));
            code.Add(Expression.Assign(pointer, Expression.Convert(address, pointer.Type)));
            return [pointer];
        }

        var all = new List<ParameterExpression>();
        for (var i = 0; i < shapes.Length; i++)
        {
            var flat = Variables(shapes[i].Wit);
            variables.AddRange(flat);
            all.AddRange(flat);
            code.Add(Flat(shapes[i], values[i], flat));
        }

        return [.. all];
    }

    /// <summary>The result's core value, or null when it goes to where the guest says.</summary>
    internal Expression? Result(Shape shape, Expression value, Expression? pointer, List<ParameterExpression> variables, List<Expression> code)
    {
        if (Shapes.AreFlat([shape], CanonicalSignature.MostResults, wide))
        {
            var flat = Variables(shape.Wit);
            variables.AddRange(flat);
            code.Add(Flat(shape, value, flat));
            return flat[0];
        }

        var layout = shape.Wit.LayoutIn(wide);
        var address = Expression.Variable(typeof(ulong));
        variables.Add(address);
        code.Add(Expression.Assign(address, Call(nameof(Boundary.Check), CoreTypes.Address(pointer!), Expression.Constant((ulong)layout.Size), Expression.Constant(layout.Alignment))));
        code.Add(Store(shape, value, address, 0));
        return null;
    }

    ParameterExpression[] Variables(WitType type) => [.. type.FlatIn(wide)!.Select(kind => Expression.Variable(CoreTypes.Of(kind)))];

    Expression Flat(Shape shape, Expression value, ParameterExpression[] flat)
    {
        switch (shape)
        {
            case ScalarShape scalar: return Expression.Assign(flat[0], Scalar(scalar, value));
            case StringShape or BytesShape or PassedShape or ListShape { Length: null }:
                return Reference(shape, value, (address, length) => Expression.Block(
                    Expression.Assign(flat[0], Expression.Convert(address, flat[0].Type)), Expression.Assign(flat[1], Expression.Convert(length, flat[1].Type))));
            case ListShape list:
                var each = flat.Length / (int)list.Length!;
                return Exactly(list, value, items => Expression.Block(Enumerable.Range(0, (int)list.Length).Select(i =>
                    Named(Expression.ArrayIndex(items, Expression.Constant(i)), item => Flat(list.Element, item, flat[(i * each)..((i + 1) * each)])))));
            case RecordShape record:
                var next = 0;
                return Fields(record, value, (field, part) =>
                {
                    var count = field.Wit.FlatIn(wide)!.Length;
                    next += count;
                    return Flat(field, part, flat[(next - count)..next]);
                });
            case FlagsShape flags: return Expression.Assign(flat[0], Flags(flags, value));
            case HandleShape handle: return Expression.Assign(flat[0], Handle(handle, value));
            default:
                var zero = flat[1..].Select(each => (Expression)Expression.Assign(each, Expression.Default(each.Type)));
                var choice = Choice(shape, value, which => Expression.Assign(flat[0], which), (part, content) => Shared(part, content, flat[1..]));
                return Expression.Block([.. zero, choice]);
        }
    }

    /// <summary>One case's core values in those that all cases share.</summary>
    BlockExpression Shared(Shape part, Expression content, ParameterExpression[] shared)
    {
        var own = Variables(part.Wit);
        return Expression.Block(
            own,
            [Flat(part, content, own), .. own.Select((each, i) => Expression.Assign(shared[i], CoreTypes.Reinterpret(each, shared[i].Type)))]);
    }

    Expression Store(Shape shape, Expression value, Expression address, ulong offset)
    {
        switch (shape)
        {
            case ScalarShape scalar: return Write(address, offset, scalar.Wit.LayoutIn(wide).Size, Bits(Scalar(scalar, value)));
            case StringShape or BytesShape or PassedShape or ListShape { Length: null }:
                var size = wide ? 8 : 4;
                return Reference(shape, value, (first, length) => Expression.Block(
                    Write(address, offset, size, first), Write(address, offset + (ulong)size, size, length)));
            case ListShape list:
                return Exactly(list, value, items => Items(list, items, At(address, offset)));
            case RecordShape record:
                var offsets = Shapes.Offsets(record.Fields, wide);
                var next = 0;
                return Fields(record, value, (field, part) => Store(field, part, address, offset + offsets[next++]));
            case FlagsShape flags: return Write(address, offset, flags.Wit.LayoutIn(wide).Size, Flags(flags, value));
            case HandleShape handle: return Write(address, offset, 4, Handle(handle, value));
            default:
                var variant = (VariantType)shape.Wit;
                var payload = offset + (ulong)variant.PayloadOffset(wide);
                return Choice(
                    shape, value, which => Write(address, offset, Layout.Discriminant(variant.Cases.Length), which),
                    (part, content) => Store(part, content, address, payload));
        }
    }

    /// <summary>Options, results, enumerations and variants.</summary>
    static Expression Choice(Shape shape, Expression value, Func<Expression, Expression> discriminate, Func<Shape, Expression, Expression> lower)
    {
        switch (shape)
        {
            case EnumShape cases:
                return discriminate(Expression.Convert(
                    Expression.Call(Expression.Constant(cases), CoreTypes.Method(typeof(EnumShape), nameof(EnumShape.Require)), Expression.Convert(value, typeof(long))), typeof(int)));
            case OptionShape option:
                Expression content = option.IsExplicit ? Expression.Property(value, nameof(Option<>.Value)) : Expression.Convert(value, option.Some.Host);
                Expression isSome = option.IsExplicit ? Expression.Property(value, nameof(Option<>.HasValue))
                    : option.Host.IsValueType ? Expression.Property(value, nameof(Nullable<>.HasValue))
                    : Expression.ReferenceNotEqual(value, Expression.Constant(null));
                return Expression.IfThenElse(isSome, Case(1, option.Some, content), discriminate(Expression.Constant(0)));
            case ResultShape result:
                return Expression.IfThenElse(
                    Expression.Property(value, nameof(Result<,>.IsOk)),
                    Case(0, result.Ok, Expression.Property(value, nameof(Result<,>.Value))), Case(1, result.Error, Expression.Property(value, nameof(Result<,>.Error))));
            case ChoiceShape tagged:
                return Named(value, whole => Expression.Switch(
                    typeof(void), tagged.Number.Aggregate(whole, Member), Expression.Empty(), null,
                    tagged.Cases.Select((part, i) => Expression.SwitchCase(
                        Expression.Block(typeof(void), Case(i, part, part is null ? whole : tagged.PlaceOf(part).Aggregate(whole, Member))), Expression.Constant(i)))));
            default:
                var variant = (VariantShape)shape;
                Expression chain = Expression.Throw(
                    Expression.Call(Expression.Constant(variant), CoreTypes.Method(typeof(VariantShape), nameof(VariantShape.NoCase)), value));
                for (var i = variant.Cases.Length - 1; i >= 0; i--)
                {
                    var (type, part) = variant.Cases[i];
                    chain = Expression.IfThenElse(
                        Expression.TypeIs(value, type), Case(i, part, part is null ? value : Expression.Property(Expression.Convert(value, type), "Value")), chain);
                }

                return chain;
        }

        Expression Case(int which, Shape? part, Expression content) => part is null
            ? discriminate(Expression.Constant(which))
            : Expression.Block(discriminate(Expression.Constant(which)), Named(content, each => lower(part, each)));
    }

    static Expression Fields(RecordShape record, Expression value, Func<Shape, Expression, Expression> lower) => Named(
        record.Host.IsValueType ? value : Expression.Call(CoreTypes.Method(typeof(Boundary), nameof(Boundary.NotNull)).MakeGenericMethod(record.Host), value),
        whole => Expression.Block(record.Fields.Select((field, i) => Named(record.Members[i].Aggregate(whole, Member), part => lower(field, part)))));

    static Expression Member(Expression value, MemberInfo member) => Expression.MakeMemberAccess(value, member);

    static Expression Scalar(ScalarShape scalar, Expression value) => scalar.Kind switch
    {
        PrimitiveKind.Bool => Expression.Condition(value, Expression.Constant(1), Expression.Constant(0)),
        PrimitiveKind.Char => Expression.Property(value, nameof(Rune.Value)),
        PrimitiveKind.F32 or PrimitiveKind.F64 => value,
        PrimitiveKind.S64 or PrimitiveKind.U64 => Expression.Convert(value, typeof(long)),
        _ => Expression.Convert(value, typeof(int)),
    };

    static Expression Bits(Expression core) =>
        core.Type == typeof(float) ? CoreTypes.Reinterpret(core, typeof(int)) : core.Type == typeof(double) ? CoreTypes.Reinterpret(core, typeof(long)) : core;

    static UnaryExpression Flags(FlagsShape flags, Expression value) =>
        Expression.Convert(Expression.And(Expression.Convert(value, typeof(uint)), Expression.Constant(flags.Mask)), typeof(int));

    MethodCallExpression Handle(HandleShape handle, Expression value)
    {
        var name = (handle.IsGuests, handle.IsBorrow) switch
        {
            (true, true) => nameof(Boundary.BorrowGuest),
            (true, false) => nameof(Boundary.OwnGuest),
            (false, true) => nameof(Boundary.BorrowHost),
            _ => nameof(Boundary.OwnHost),
        };
        return Call(name, value, slots.Of(handle.Resource));
    }

    /// <summary>Strings and lists: where they are then, and how long.</summary>
    Expression Reference(Shape shape, Expression value, Func<Expression, Expression, Expression> pass)
    {
        var address = Expression.Variable(typeof(ulong));
        var length = Expression.Variable(typeof(ulong));
        if (shape is StringShape)
            return Expression.Block([address, length], Expression.Assign(address, Call(nameof(Boundary.StoreString), value, length)), pass(address, length));
        if (shape is BytesShape)
            return Expression.Block([address], Expression.Assign(address, Call(nameof(Boundary.StoreMemory), value)), pass(address, Count(Expression.Property(value, "Length"))));
        if (shape is PassedShape { Items: { } kind })
        {
            return Named(value, items => Expression.Block(
                [address], Expression.Assign(address, Call(nameof(Boundary.StorePassedList), items, Expression.Constant(kind))), pass(address, Count(Expression.Property(items, nameof(Passed.Units))))));
        }

        if (shape is PassedShape)
            return Expression.Block([address, length], Expression.Assign(address, Call(nameof(Boundary.StorePassedString), value, length)), pass(address, length));
        var list = (ListShape)shape;
        if (list.Element is ScalarShape scalar)
        {
            var store = Expression.Call(boundary, CoreTypes.Method(typeof(Boundary), nameof(Boundary.StoreScalars)).MakeGenericMethod(scalar.Host), value);
            return Expression.Block([address], Expression.Assign(address, store), pass(address, Count(Expression.ArrayLength(value))));
        }

        var layout = list.Element.Wit.LayoutIn(wide);
        return Named(Expression.Call(CoreTypes.Method(typeof(Boundary), nameof(Boundary.NotNull)).MakeGenericMethod(list.Host), value), items => Expression.Block(
            [address],
            Expression.Assign(address, Call(
                nameof(Boundary.AllocateList), Expression.ArrayLength(items), Expression.Constant((ulong)layout.Size), Expression.Constant(layout.Alignment))),
            Items(list, items, address),
            pass(address, Count(Expression.ArrayLength(items)))));
    }

    static UnaryExpression Count(Expression length) => Expression.Convert(length, typeof(ulong));

    static Expression Exactly(ListShape list, Expression value, Func<Expression, Expression> body) => Named(
        Expression.Call(CoreTypes.Method(typeof(Boundary), nameof(Boundary.Exactly)).MakeGenericMethod(list.Element.Host), value, Expression.Constant((int)list.Length!)), body);

    BlockExpression Items(ListShape list, Expression items, Expression first)
    {
        var address = Expression.Variable(typeof(ulong));
        var i = Expression.Variable(typeof(int));
        var end = Expression.Label();
        return Expression.Block(
            [address, i],
            Expression.Assign(address, first),
            Expression.Assign(i, Expression.Constant(0)),
            Expression.Loop(
                Expression.IfThenElse(
                    Expression.LessThan(i, Expression.ArrayLength(items)),
                    Expression.Block(
                        Named(Expression.ArrayIndex(items, i), item => Store(list.Element, item, address, 0)),
                        Expression.AddAssign(address, Expression.Constant((ulong)list.Element.Wit.LayoutIn(wide).Size)),
                        Expression.PreIncrementAssign(i)),
                    Expression.Break(end)),
                end));
    }

    /// <summary>A value that is used more than once is computed once.</summary>
    static Expression Named(Expression value, Func<Expression, Expression> body)
    {
        if (value is ParameterExpression)
            return body(value);
        var name = Expression.Variable(value.Type);
        return Expression.Block([name], Expression.Assign(name, value), body(name));
    }

    MethodCallExpression Write(Expression address, ulong offset, long size, Expression bits)
    {
        var (name, type) = size switch
        {
            1 => (nameof(Boundary.WriteU8), typeof(byte)),
            2 => (nameof(Boundary.WriteU16), typeof(ushort)),
            4 => (nameof(Boundary.WriteU32), typeof(uint)),
            _ => (nameof(Boundary.WriteU64), typeof(ulong)),
        };
        return Call(name, At(address, offset), Expression.Convert(bits, type));
    }

    static Expression At(Expression address, ulong offset) => offset == 0 ? address : Expression.Add(address, Expression.Constant(offset));

    MethodCallExpression Call(string name, params Expression[] arguments)
    {
        var method = CoreTypes.Method(typeof(Boundary), name);
        return Expression.Call(method.IsStatic ? null : boundary, method, arguments);
    }
}
