using System.Buffers;
using System.Security.Cryptography;

namespace Allotrope.Components;

/// <summary>What tells functions of one type from those of another: a hash of the type written out in full, names of parameters, fields and cases included.</summary>
static class TypeDigest
{
    /// <summary>Bytes of it: two types that happen to have the same are no danger, since values are checked when they are read.</summary>
    internal const int Length = 16;

    internal static byte[] Of(ComponentFunctionType type)
    {
        var text = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(text);
        writer.Unsigned((ulong)type.Parameters.Length);
        foreach (var (name, each) in type.Parameters)
        {
            writer.Text(name);
            Write(writer, each);
        }

        Write(writer, type.Result);
        return SHA256.HashData(text.WrittenSpan)[..Length];
    }

    /// <summary>Recursion follows types, whose depth and size are bounded.</summary>
    static void Write(ValueWriter writer, WitType? type)
    {
        switch (type)
        {
            case null: writer.Text(""); break;
            case PrimitiveType primitive: writer.Text(primitive.ToString()); break;
            case ListType list:
                writer.Text(list.IsMap ? "map" : "list");
                writer.Unsigned(list.Length ?? 0);
                Write(writer, list.Element);
                break;
            case RecordType record:
                writer.Text(record.IsTuple ? "tuple" : "record");
                writer.Unsigned((ulong)record.Types.Length);
                for (var i = 0; i < record.Types.Length; i++)
                {
                    writer.Text(record.Labels[i]);
                    Write(writer, record.Types[i]);
                }

                break;
            case VariantType variant:
                writer.Text(variant.Form.ToString().ToLowerInvariant());
                writer.Unsigned((ulong)variant.Cases.Length);
                foreach (var each in variant.Cases)
                {
                    writer.Text(each.Label);
                    Write(writer, each.Type);
                }

                break;
            case FlagsType flags:
                writer.Text("flags");
                writer.Unsigned((ulong)flags.Labels.Length);
                foreach (var label in flags.Labels)
                    writer.Text(label);
                break;
            default: throw new NotSupportedException($"values of type {type} stay where they are");
        }
    }
}
