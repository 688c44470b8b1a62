using System.Globalization;

namespace Allotrope.Wasm.Tests.Assembly;

/// <summary>
/// Turns flat instruction text into bytes. A block names what it gives (<c>block</c>, <c>block i32</c>) or its signature (<c>loop i32->i32</c>),
/// <c>call_indirect</c> its signature, <c>br_table</c> its labels with commas, a memory access its memory and offset
/// if they are not zero (<c>i32.load memory=1 offset=8</c>).
/// </summary>
static class Code
{
    const byte EmptyBlock = 0x40;

    /// <summary>Atomic instructions go by their number behind the prefix, such as <c>atomic:1e</c>.</summary>
    const string Atomic = "atomic:";

    /// <param name="typeOf">The index of the type with the given signature.</param>
    public static byte[] Assemble(string text, Func<string, int> typeOf)
    {
        var words = new Queue<string>(text.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        var code = new List<byte>();
        while (words.TryDequeue(out var word))
        {
            var opcode = Parse(word.Replace(".", "").Replace("_", ""));
            code.AddRange((int)opcode > 0xff ? [(byte)((int)opcode >> 16), .. Leb.Unsigned((ulong)opcode & 0xffff)] : [(byte)opcode]);
            code.AddRange(Immediates(opcode, words, typeOf));
        }
        return [.. code];
    }

    static Opcode Parse(string name) =>
        name.StartsWith(Atomic, StringComparison.Ordinal) ? AtomicSignatures.First + int.Parse(name.AsSpan(Atomic.Length), NumberStyles.AllowHexSpecifier)
        : Enum.TryParse<VectorOpcode>(name, ignoreCase: true, out var vector) ? (Opcode)vector : Enum.Parse<Opcode>(name, ignoreCase: true);

    static byte[] Immediates(Opcode opcode, Queue<string> words, Func<string, int> typeOf) => opcode switch
    {
        Opcode.Block or Opcode.Loop or Opcode.If => BlockType(words, typeOf),
        Opcode.I32Const => Leb.Signed(int.Parse(words.Dequeue())),
        Opcode.I64Const => Leb.Signed(long.Parse(words.Dequeue())),
        Opcode.F32Const => BitConverter.GetBytes(float.Parse(words.Dequeue(), CultureInfo.InvariantCulture)),
        Opcode.F64Const => BitConverter.GetBytes(double.Parse(words.Dequeue(), CultureInfo.InvariantCulture)),
        AtomicSignatures.Fence => [0],
        >= AtomicSignatures.First => Access(AtomicSignatures.AccessWidth(opcode), words),
        >= VectorSignatures.First => VectorImmediates((VectorOpcode)opcode, words),
        Opcode.CallIndirect => [.. Leb.Unsigned((ulong)typeOf(words.Dequeue())), 0],
        Opcode.ReturnCallIndirect => [.. Leb.Unsigned((ulong)typeOf(words.Dequeue())), 0],
        Opcode.CallRef or Opcode.ReturnCallRef => TypeIndex(words, typeOf),
        (>= Opcode.StructGet and <= Opcode.StructSet) or (>= Opcode.ArrayNewFixed and <= Opcode.ArrayNewElem)
            or (>= Opcode.ArrayCopy and <= Opcode.ArrayInitElem) => [.. Index(words), .. Index(words)],
        (>= Opcode.StructNew and < Opcode.ArrayLen) or Opcode.ArrayFill => Index(words),
        >= Opcode.RefTest and <= Opcode.RefCastNull => TypeText.Heap(words.Dequeue()),
        Opcode.BrOnCast or Opcode.BrOnCastFail => BranchOnCast(words),
        Opcode.BrTable => Labels(words.Dequeue()),
        Opcode.SelectTyped => [1, .. TypeText.Value(words.Dequeue())],
        Opcode.RefNull => TypeText.Heap(Heap(words.Dequeue())),
        >= Opcode.I32Load and <= Opcode.I64Store32 => Access(Signatures.AccessWidth(opcode), words),
        Opcode.MemorySize or Opcode.MemoryGrow or Opcode.MemoryFill => MemoryIndex(words),
        Opcode.MemoryCopy => [.. MemoryIndex(words), .. MemoryIndex(words)],
        Opcode.MemoryInit => [.. Index(words), .. MemoryIndex(words)],
        Opcode.TableInit or Opcode.TableCopy => [.. Index(words), .. Index(words)],
        Opcode.TryTable => [.. BlockType(words, typeOf), .. Catches(words.Dequeue())],
        Opcode.Br or Opcode.BrIf or Opcode.Throw or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.Call or Opcode.ReturnCall or Opcode.RefFunc or Opcode.DataDrop or Opcode.ElemDrop
            or (>= Opcode.LocalGet and <= Opcode.TableSet) or Opcode.TableGrow or Opcode.TableSize or Opcode.TableFill => Index(words),
        _ => [],
    };

    /// <summary>A constant and a shuffle are written as two 64-bit halves; lanes come after the offset.</summary>
    static byte[] VectorImmediates(VectorOpcode opcode, Queue<string> words) => opcode switch
    {
        VectorOpcode.V128Const or VectorOpcode.I8x16Shuffle =>
            [.. BitConverter.GetBytes(long.Parse(words.Dequeue())), .. BitConverter.GetBytes(long.Parse(words.Dequeue()))],
        _ when VectorSignatures.IsAccess(opcode) =>
            [.. Access(VectorSignatures.AccessWidth(opcode), words), .. VectorSignatures.IsLaneAccess(opcode) ? Lane(words) : []],
        _ => VectorSignatures.Lanes(opcode) > 0 ? Lane(words) : [],
    };

    static byte[] Lane(Queue<string> words) => [words.TryPeek(out var next) && byte.TryParse(next, out _) ? byte.Parse(words.Dequeue()) : (byte)0];

    static byte[] BlockType(Queue<string> words, Func<string, int> typeOf)
    {
        if (!words.TryPeek(out var next)) return [EmptyBlock];
        if (next.Contains("->")) return Leb.Signed(typeOf(words.Dequeue()));
        return Enum.TryParse<ValueKind>(next, ignoreCase: true, out _) || next.StartsWith("ref:", StringComparison.Ordinal) || next.StartsWith("null:", StringComparison.Ordinal) ? TypeText.Value(words.Dequeue()) : [EmptyBlock];
    }

    /// <summary>Clauses with commas: <c>catch:TAG:LABEL</c>, <c>catch_ref:TAG:LABEL</c>, <c>catch_all:LABEL</c>, <c>catch_all_ref:LABEL</c>; or <c>none</c>.</summary>
    static byte[] Catches(string list)
    {
        string[] kinds = ["catch", "catch_ref", "catch_all", "catch_all_ref"];
        var clauses = list == "none" ? [] : list.Split(',');
        return
        [
            .. Leb.Unsigned((ulong)clauses.Length),
            .. clauses.Select(clause => clause.Split(':')).SelectMany(parts =>
                (byte[])[(byte)Array.IndexOf(kinds, parts[0]), .. parts[1..].SelectMany(index => Leb.Unsigned(ulong.Parse(index)))]),
        ];
    }

    /// <summary>A label and two references, such as <c>0 null:any ref:i31</c>.</summary>
    static byte[] BranchOnCast(Queue<string> words)
    {
        var label = Index(words);
        var (source, target) = (words.Dequeue().Split(':'), words.Dequeue().Split(':'));
        var flags = (source[0] == "null" ? 1 : 0) + (target[0] == "null" ? 2 : 0);
        return [(byte)flags, .. label, .. TypeText.Heap(source[1]), .. TypeText.Heap(target[1])];
    }

    static byte[] Labels(string list)
    {
        var labels = list.Split(',');
        return [.. Leb.Unsigned((ulong)labels.Length - 1), .. labels.SelectMany(label => Leb.Unsigned(ulong.Parse(label)))];
    }

    /// <summary>Alignment, memory and offset.</summary>
    static byte[] Access(int width, Queue<string> words)
    {
        var memory = MemoryIndex(words);
        byte[] head = memory is [0] ? [(byte)width] : [(byte)(width | 0x40), .. memory];
        return [.. head, .. Leb.Unsigned(Offset(words))];
    }

    static byte[] MemoryIndex(Queue<string> words)
    {
        const string Prefix = "memory=";
        return words.TryPeek(out var next) && next.StartsWith(Prefix, StringComparison.Ordinal)
            ? Leb.Unsigned(ulong.Parse(words.Dequeue().AsSpan(Prefix.Length)))
            : [0];
    }

    static ulong Offset(Queue<string> words)
    {
        const string Prefix = "offset=";
        return words.TryPeek(out var next) && next.StartsWith(Prefix, StringComparison.Ordinal)
            ? ulong.Parse(words.Dequeue().AsSpan(Prefix.Length))
            : 0;
    }

    static byte[] Index(Queue<string> words) => Leb.Unsigned(ulong.Parse(words.Dequeue()));

    /// <summary>Old tests name the reference where the instruction names what it refers to.</summary>
    static string Heap(string name) => name.EndsWith("ref", StringComparison.Ordinal) ? name[..^3] : name;

    /// <summary>By number, or by the signature.</summary>
    static byte[] TypeIndex(Queue<string> words, Func<string, int> typeOf) =>
        words.Dequeue() is var word && word.Contains("->") ? Leb.Unsigned((ulong)typeOf(word)) : Leb.Unsigned(ulong.Parse(word));
}
