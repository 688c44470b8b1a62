namespace Allotrope.Wasm;

/// <content>Variables, references, tables and bulk operations.</content>
sealed partial class FunctionValidator
{
    void CheckVariable(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.Drop: _operands.Pop(at); break;
            case Opcode.Select: CheckSelect(at); break;
            case Opcode.SelectTyped:
                _operands.Pop(ValueKind.I32, at);
                _operands.Pop(instruction.Type, at);
                _operands.Pop(instruction.Type, at);
                _operands.Push(instruction.Type);
                break;
            case Opcode.LocalGet:
                _operands.Push(AssignedLocal(instruction));
                _pushed = instruction.Index;
                break;
            case Opcode.LocalSet:
                _operands.Pop(Local(instruction), at);
                Assign(instruction.Index);
                break;
            case Opcode.LocalTee:
                _operands.Pop(Local(instruction), at);
                Assign(instruction.Index);
                _operands.Push(Local(instruction));
                _pushed = instruction.Index;
                break;
            case Opcode.GlobalGet: _operands.Push(Global(instruction).Type); break;
            case Opcode.GlobalSet:
                if (!Global(instruction).Mutable)
                    throw new InvalidModuleException($"global is immutable: {instruction.Index}", at);
                _operands.Pop(Global(instruction).Type, at);
                break;
            default: throw new InvalidModuleException($"illegal opcode 0x{(int)instruction.Opcode:x2}", at);
        }
    }

    /// <summary>Without a type, select is for numbers only.</summary>
    void CheckSelect(int at)
    {
        _operands.Pop(ValueKind.I32, at);
        var second = _operands.Pop(at);
        var first = _operands.Pop(second, at);
        if (first is { IsReference: true } || second is { IsReference: true })
            throw new InvalidModuleException("type mismatch: select of references must name their type", at);
        _operands.Push(first ?? second);
    }

    void CheckReferenceOrBulk(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.RefNull: _operands.Push(instruction.Type); break;
            case Opcode.RefIsNull:
                PopReference(at);
                _operands.Push(ValueKind.I32);
                break;
            case Opcode.RefFunc:
                if (!declared.Contains(Known(instruction.Index, image.Functions.Count, "function", at)))
                    throw new InvalidModuleException($"undeclared function reference {instruction.Index}", at);
                _operands.Push(WasmType.Reference(image.Functions[instruction.Index], nullable: false));
                break;
            case Opcode.DataDrop: Data(instruction); break;
            case Opcode.MemoryInit or Opcode.MemoryCopy or Opcode.MemoryFill: CheckBulk(instruction); break;
            default: CheckTable(instruction); break;
        }
    }

    void CheckTable(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.TableGet:
                _operands.Pop(IndexOf(instruction.Index, at), at);
                _operands.Push(Table(instruction.Index, at));
                break;
            case Opcode.TableSet:
                _operands.Pop(Table(instruction.Index, at), at);
                _operands.Pop(IndexOf(instruction.Index, at), at);
                break;
            case Opcode.TableSize:
                _operands.Push(IndexOf(instruction.Index, at));
                break;
            case Opcode.TableGrow:
                _operands.Pop(IndexOf(instruction.Index, at), at);
                _operands.Pop(Table(instruction.Index, at), at);
                _operands.Push(IndexOf(instruction.Index, at));
                break;
            case Opcode.TableFill:
                _operands.Pop(IndexOf(instruction.Index, at), at);
                _operands.Pop(Table(instruction.Index, at), at);
                _operands.Pop(IndexOf(instruction.Index, at), at);
                break;
            case Opcode.TableCopy:
                Fits(Table(instruction.Index, at), Table(instruction.Second, at), at);
                var (target, source) = (IndexOf(instruction.Index, at), IndexOf(instruction.Second, at));
                Pop3(target, source, Narrower(target, source), at);
                break;
            case Opcode.TableInit:
                Fits(Table(instruction.Second, at), Segment(instruction.Index, at), at);
                Pop3(IndexOf(instruction.Second, at), ValueKind.I32, ValueKind.I32, at);
                break;
            case Opcode.ElemDrop: Segment(instruction.Index, at); break;
            default: throw new InvalidModuleException($"illegal opcode 0x{(int)instruction.Opcode:x2}", at);
        }
    }

    static void Fits(WasmType target, WasmType source, int at)
    {
        if (!source.Matches(target))
            throw new InvalidModuleException($"type mismatch: {source.Name} copied into a table of {target.Name}", at);
    }

    WasmType Local(in Instruction instruction) =>
        _facts.Locals[Known(instruction.Index, _facts.Locals.Length, "local", instruction.ByteOffset)];

    ExternType.Global Global(in Instruction instruction) =>
        image.Globals[Known(instruction.Index, image.Globals.Count, "global", instruction.ByteOffset)];

    WasmType Table(int index, int at) => image.Tables[Known(index, image.Tables.Count, "table", at)].Element;

    /// <summary>The type of a table's indices.</summary>
    ValueKind IndexOf(int index, int at) => image.Tables[Known(index, image.Tables.Count, "table", at)].Limits.Address;

    WasmType Segment(int index, int at) => image.ElementSegments[Known(index, image.ElementSegments.Count, "elem segment", at)].Type;

    /// <summary>Data segments stand behind the code, so their number must have been announced before it.</summary>
    void Data(in Instruction instruction) => Data(instruction.Index, instruction.ByteOffset);

    void Data(int index, int at)
    {
        if (image.DataCount is not { } count)
            throw new InvalidModuleException("data count section required", at);
        Known(index, count, "data segment", at);
    }
}
