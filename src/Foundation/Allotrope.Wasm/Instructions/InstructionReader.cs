namespace Allotrope.Wasm;

/// <summary>Cuts a function's code into instructions. Immediates are read but indices are not checked: that is the validator's part.</summary>
ref struct InstructionReader(ModuleImage image, int start, int end)
{
    const byte Prefix = 0xFC;

    /// <summary>Code of a block that takes nothing and gives nothing.</summary>
    const long EmptyBlock = -64;

    BinaryCursor _cursor = new(image.Bytes, start, end);

    internal readonly int Position => _cursor.Position;

    internal readonly bool AtEnd => _cursor.AtEnd;

    internal Instruction Next()
    {
        var at = _cursor.Position;
        var instruction = new Instruction { ByteOffset = at, Opcode = ReadOpcode(), Targets = [] };
        ReadImmediates(ref instruction);
        return instruction;
    }

    /// <summary>A value type, refused when this engine does not have it.</summary>
    internal static ValueKind ReadKind(ref BinaryCursor cursor)
    {
        var at = cursor.Position;
        var kind = (ValueKind)cursor.Byte();
        return kind switch
        {
            ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64 or ValueKind.FuncRef or ValueKind.ExternRef => kind,
            _ => throw new InvalidModuleException($"malformed value type 0x{(byte)kind:x2}", at),
        };
    }

    /// <summary>A reference type.</summary>
    internal static ValueKind ReadReferenceKind(ref BinaryCursor cursor)
    {
        var at = cursor.Position;
        var kind = (ValueKind)cursor.Byte();
        return kind is ValueKind.FuncRef or ValueKind.ExternRef
            ? kind
            : throw new InvalidModuleException($"malformed reference type 0x{(byte)kind:x2}", at);
    }

    Opcode ReadOpcode()
    {
        var first = _cursor.Byte();
        if (first != Prefix)
            return (Opcode)first;
        var second = _cursor.U32();
        return (Opcode)((Prefix << 16) | (int)Math.Min(second, 0xFFFF));
    }

    void ReadImmediates(ref Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                instruction.BlockType = ReadBlockType();
                break;
            case Opcode.Br or Opcode.BrIf or Opcode.Call or Opcode.RefFunc or Opcode.DataDrop or Opcode.ElemDrop
                or (>= Opcode.LocalGet and <= Opcode.TableSet) or Opcode.TableGrow or Opcode.TableSize or Opcode.TableFill:
                instruction.Index = _cursor.Index();
                break;
            case Opcode.CallIndirect or Opcode.TableInit or Opcode.TableCopy:
                instruction.Index = _cursor.Index();
                instruction.Second = _cursor.Index();
                break;
            case Opcode.BrTable:
                instruction.Targets = ReadTargets();
                break;
            case Opcode.SelectTyped:
                ReadSelectTypes(ref instruction);
                break;
            case >= Opcode.I32Load and <= Opcode.I64Store32:
                instruction.Alignment = _cursor.U32();
                instruction.Bits = _cursor.U32();
                break;
            case Opcode.MemorySize or Opcode.MemoryGrow or Opcode.MemoryFill:
                ReadZero();
                break;
            case Opcode.MemoryInit:
                instruction.Index = _cursor.Index();
                ReadZero();
                break;
            case Opcode.MemoryCopy:
                ReadZero();
                ReadZero();
                break;
            case >= Opcode.I32Const and <= Opcode.F64Const:
                instruction.Bits = ReadConstant(instruction.Opcode);
                break;
            case Opcode.RefNull:
                instruction.Bits = (long)ReadReferenceKind(ref _cursor);
                break;
        }
    }

    long ReadConstant(Opcode opcode) => opcode switch
    {
        Opcode.I32Const => _cursor.S32(),
        Opcode.I64Const => _cursor.S64(),
        Opcode.F32Const => _cursor.F32Bits(),
        _ => _cursor.F64Bits(),
    };

    /// <summary>The memory index, for which WebAssembly 2.0 has one value in one byte.</summary>
    void ReadZero()
    {
        var at = _cursor.Position;
        if (_cursor.Byte() != 0)
            throw new InvalidModuleException("zero byte expected", at);
    }

    int[] ReadTargets()
    {
        var targets = new int[_cursor.Count() + 1];
        for (var i = 0; i < targets.Length; i++)
            targets[i] = _cursor.Index();
        return targets;
    }

    void ReadSelectTypes(ref Instruction instruction)
    {
        var at = _cursor.Position;
        if (_cursor.U32() != 1)
            throw new InvalidModuleException("invalid result arity: select names one type", at);
        instruction.Bits = (long)ReadKind(ref _cursor);
    }

    /// <summary>Nothing, one result, or the index of a signature (which is positive, while the codes of types are negative).</summary>
    FunctionType ReadBlockType()
    {
        var at = _cursor.Position;
        var code = _cursor.S33();
        if (code >= 0)
            return code < image.Types.Count ? image.Types[(int)code] : throw new InvalidModuleException($"unknown type {code}", at);
        if (code == EmptyBlock)
            return FunctionType.None;
        var byteCursor = new BinaryCursor(image.Bytes, at, _cursor.Position);
        return FunctionType.Result(ReadKind(ref byteCursor));
    }
}
