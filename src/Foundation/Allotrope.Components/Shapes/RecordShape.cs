using System.Reflection;

namespace Allotrope.Components;

/// <summary>Records, made by a constructor that takes the fields in their order, and read by the properties of its parameters' names; tuples.</summary>
/// <param name="host">The C# type.</param>
/// <param name="wit">The component's type.</param>
/// <param name="fields">What the fields are.</param>
/// <param name="constructor">Takes all of them; of tuples of more than seven, seven and a tuple of the others.</param>
/// <param name="members">Where each is: properties or fields, one within the other.</param>
sealed class RecordShape(Type host, RecordType wit, Shape[] fields, ConstructorInfo constructor, MemberInfo[][] members) : Shape(host, wit)
{
    /// <summary>Fields that a tuple has before its rest.</summary>
    internal const int TupleFields = 7;

    internal Shape[] Fields { get; } = fields;

    internal ConstructorInfo Constructor { get; } = constructor;

    internal MemberInfo[][] Members { get; } = members;

    /// <inheritdoc/>
    internal override long HeapBytes { get; } = ObjectBytes + fields.Sum(field => field.HeapBytes);

    internal override object? ToHost(object? value)
    {
        var items = (object?[])value!;
        var made = new object?[items.Length];
        for (var i = 0; i < made.Length; i++)
            made[i] = Fields[i].ToHost(items[i]);
        return Make(Constructor, made);
    }

    internal override object? FromHost(object? value)
    {
        var items = new object?[Fields.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = Fields[i].FromHost(Get(value, Members[i]));
        return items;
    }

    /// <summary>Where the fields of a tuple are.</summary>
    internal static MemberInfo[][] TupleMembers(Type tuple)
    {
        var members = new List<MemberInfo[]>();
        MemberInfo[] path = [];
        for (var part = tuple; part is not null;)
        {
            var arguments = part.GetGenericArguments();
            for (var i = 0; i < Math.Min(arguments.Length, TupleFields); i++)
                members.Add([.. path, part.GetField($"Item{i + 1}")!]);
            path = arguments.Length > TupleFields ? [.. path, part.GetField("Rest")!] : path;
            part = arguments.ElementAtOrDefault(TupleFields);
        }

        return [.. members];
    }

    /// <summary>The constructor of the tuple of what is beyond the first seven.</summary>
    internal static ConstructorInfo Rest(ConstructorInfo constructor)
    {
        var rest = constructor.DeclaringType!.GetGenericArguments()[TupleFields];
        return rest.GetConstructor(rest.GetGenericArguments())!;
    }

    /// <summary>Whether the constructor takes a tuple for what is beyond the first seven.</summary>
    internal bool IsLongTuple(int fields) => Members[0][0] is FieldInfo && fields > TupleFields;

    /// <summary>What is there, in one within the other.</summary>
    internal static object? Get(object? value, MemberInfo[] path) => path.Aggregate(value, Get);

    /// <summary>Puts something into a boxed tuple.</summary>
    internal static void Set(object tuple, ReadOnlySpan<MemberInfo> path, object? value)
    {
        if (path.Length > 1)
        {
            // The inner tuple that is got is a copy.
            var inner = Get(tuple, path[0])!;
            Set(inner, path[1..], value);
            value = inner;
        }

        ((FieldInfo)path[0]).SetValue(tuple, value);
    }

    object Make(ConstructorInfo constructor, object?[] fields) => IsLongTuple(fields.Length)
        ? constructor.Invoke([.. fields[..TupleFields], Make(Rest(constructor), fields[TupleFields..])])
        : constructor.Invoke(fields);

    static object? Get(object? value, MemberInfo member) =>
        member is PropertyInfo property ? property.GetValue(value) : ((FieldInfo)member).GetValue(value);
}
