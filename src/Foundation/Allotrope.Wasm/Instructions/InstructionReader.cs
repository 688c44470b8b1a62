namespace Allotrope.Wasm;

/// <summary>Cuts a function's code into instructions. Immediates are read but indices are not checked: that is the validator's part.</summary>
ref partial struct InstructionReader(ModuleImage image, int start, int end)
{
    const byte HeapPrefix = 0xFB;
    const byte Prefix = 0xFC;
    const byte VectorPrefix = 0xFD;
    const byte AtomicPrefix = 0xFE;

    /// <summary>Flag in an alignment: the index of a memory follows.</summary>
    const uint NamesMemory = 0x40;

    /// <summary>Code of a block that takes nothing and gives nothing.</summary>
    const long EmptyBlock = -64;

    BinaryCursor _cursor = new(image.Bytes, start, end);

    internal readonly int Position => _cursor.Position;

    internal readonly bool AtEnd => _cursor.AtEnd;

    internal Instruction Next()
    {
        var at = _cursor.Position;
        var instruction = new Instruction { ByteOffset = at, Opcode = ReadOpcode(), Targets = [], Catches = [] };
        ReadImmediates(ref instruction);
        return instruction;
    }

    Opcode ReadOpcode()
    {
        var first = _cursor.Byte();
        if (first is not (HeapPrefix or Prefix or VectorPrefix or AtomicPrefix))
            return (Opcode)first;
        var second = _cursor.U32();
        return (Opcode)((first << 16) | (int)Math.Min(second, 0xFFFF));
    }

    void ReadImmediates(ref Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                instruction.BlockType = ReadBlockType();
                break;
            case Opcode.Br or Opcode.BrIf or Opcode.Throw or Opcode.Call or Opcode.RefFunc or Opcode.DataDrop or Opcode.ElemDrop
                or (>= Opcode.LocalGet and <= Opcode.TableSet) or Opcode.TableGrow or Opcode.TableSize or Opcode.TableFill
                or Opcode.MemorySize or Opcode.MemoryGrow or Opcode.MemoryFill
                or Opcode.ReturnCall or Opcode.CallRef or Opcode.ReturnCallRef or Opcode.BrOnNull or Opcode.BrOnNonNull:
                instruction.Index = _cursor.Index();
                break;
            case Opcode.CallIndirect or Opcode.ReturnCallIndirect or Opcode.TableInit or Opcode.TableCopy or Opcode.MemoryInit or Opcode.MemoryCopy:
                instruction.Index = _cursor.Index();
                instruction.Second = _cursor.Index();
                break;
            case Opcode.TryTable:
                instruction.BlockType = ReadBlockType();
                instruction.Catches = ReadCatches();
                break;
            case Opcode.BrTable:
                instruction.Targets = ReadTargets();
                break;
            case Opcode.SelectTyped:
                ReadSelectTypes(ref instruction);
                break;
            case >= Opcode.I32Load and <= Opcode.I64Store32:
                ReadAccess(ref instruction);
                break;
            case >= Opcode.StructNew and <= Opcode.I31GetU: ReadHeapImmediates(ref instruction); break;
            case >= Opcode.I32Const and <= Opcode.F64Const:
                instruction.Bits = ReadConstant(instruction.Opcode);
                break;
            case Opcode.RefNull:
                instruction.Type = TypeReader.ReadHeap(ref _cursor, image, nullable: true);
                break;
            case AtomicSignatures.Fence:
                if (_cursor.Byte() != 0)
                    throw new InvalidModuleException("zero byte expected", instruction.ByteOffset);
                break;
            case >= AtomicSignatures.First and <= AtomicSignatures.Last:
                ReadAccess(ref instruction);
                break;
            case >= VectorSignatures.First and <= VectorSignatures.Last:
                ReadVectorImmediates(ref instruction);
                break;
        }
    }

    /// <summary>A type and what stands in it or beside it; or the types of a cast.</summary>
    void ReadHeapImmediates(ref Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case (>= Opcode.StructGet and <= Opcode.StructSet) or (>= Opcode.ArrayNewFixed and <= Opcode.ArrayNewElem)
                or (>= Opcode.ArrayCopy and <= Opcode.ArrayInitElem):
                instruction.Index = _cursor.Index();
                instruction.Second = _cursor.Index();
                break;
            case <= Opcode.ArraySet or Opcode.ArrayFill:
                instruction.Index = _cursor.Index();
                break;
            case >= Opcode.RefTest and <= Opcode.RefCastNull:
                instruction.Type = TypeReader.ReadHeap(ref _cursor, image, instruction.Opcode is Opcode.RefTestNull or Opcode.RefCastNull);
                break;
            case Opcode.BrOnCast or Opcode.BrOnCastFail:
                ReadBranchOnCast(ref instruction);
                break;
        }
    }

    /// <summary>Which of the two types are nullable, the label, and the heap types.</summary>
    void ReadBranchOnCast(ref Instruction instruction)
    {
        var at = _cursor.Position;
        var flags = _cursor.Byte();
        if (flags > 3)
            throw new InvalidModuleException($"malformed br_on_cast flags {flags}", at);
        instruction.Index = _cursor.Index();
        instruction.Source = TypeReader.ReadHeap(ref _cursor, image, (flags & 1) != 0);
        instruction.Type = TypeReader.ReadHeap(ref _cursor, image, (flags & 2) != 0);
    }

    /// <summary>The exponent of the alignment, with a flag for a memory other than the first; and the offset.</summary>
    void ReadAccess(ref Instruction instruction)
    {
        instruction.Alignment = _cursor.U32();
        if ((instruction.Alignment & NamesMemory) != 0)
        {
            instruction.Alignment ^= NamesMemory;
            instruction.Index = _cursor.Index();
        }

        instruction.Bits = (long)_cursor.U64();
    }

    long ReadConstant(Opcode opcode) => opcode switch
    {
        Opcode.I32Const => _cursor.S32(),
        Opcode.I64Const => _cursor.S64(),
        Opcode.F32Const => _cursor.F32Bits(),
        _ => _cursor.F64Bits(),
    };

    int[] ReadTargets()
    {
        var targets = new int[_cursor.Count() + 1];
        for (var i = 0; i < targets.Length; i++)
            targets[i] = _cursor.Index();
        return targets;
    }

    CatchClause[] ReadCatches()
    {
        var catches = new CatchClause[_cursor.Count()];
        for (var i = 0; i < catches.Length; i++)
        {
            var at = _cursor.Position;
            catches[i] = _cursor.Byte() switch
            {
                0 => new(_cursor.Index(), TakesReference: false, _cursor.Index()),
                1 => new(_cursor.Index(), TakesReference: true, _cursor.Index()),
                2 => new(null, TakesReference: false, _cursor.Index()),
                3 => new(null, TakesReference: true, _cursor.Index()),
                var kind => throw new InvalidModuleException($"malformed catch clause {kind}", at),
            };
        }

        return catches;
    }

    void ReadSelectTypes(ref Instruction instruction)
    {
        var at = _cursor.Position;
        if (_cursor.U32() != 1)
            throw new InvalidModuleException("invalid result arity: select names one type", at);
        instruction.Type = TypeReader.ReadValue(ref _cursor, image);
    }

    /// <summary>Nothing, one result, or the index of a signature (which is positive, while the codes of types are negative).</summary>
    FunctionType ReadBlockType()
    {
        var at = _cursor.Position;
        var code = _cursor.S33();
        if (code >= 0)
            return image.FunctionTypeAt((int)Math.Min(code, int.MaxValue), at);
        if (code == EmptyBlock)
            return FunctionType.None;
        _cursor = new BinaryCursor(image.Bytes, at, end);
        return FunctionType.Result(TypeReader.ReadValue(ref _cursor, image));
    }
}
