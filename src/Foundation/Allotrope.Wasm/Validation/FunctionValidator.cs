namespace Allotrope.Wasm;

/// <summary>Checks one function by the algorithm of the specification's appendix: a stack of operand types and a stack of open blocks.</summary>
sealed partial class FunctionValidator(ModuleImage image, HashSet<int> declared, FunctionType function, FunctionBody body)
{
    /// <summary>Locals a function may have: what other engines allow.</summary>
    const int MostLocals = 50_000;

    /// <summary>Blocks that may be open at a time; each costs memory, and no compiler nests as deep.</summary>
    const int MostBlocks = 50_000;

    /// <summary>
    /// Operands a function may have at a time. A call of two bytes gives up to 64, so without this a small module could ask for gigabytes.
    /// </summary>
    const int MostOperands = 50_000;

    readonly OperandTypes _operands = new();
    readonly List<OpenBlock> _blocks = [];
    readonly FunctionFacts _facts = new();
    readonly HashSet<FunctionType> _tuples = [];
    int _carried;

    internal FunctionFacts Validate()
    {
        var reader = new InstructionReader(image, ReadLocals(), body.End);
        CountTuple(function);
        Open(Opcode.Block, FunctionType.Of([], function.Results.AsSpan()), body.Start);
        while (_blocks.Count > 0)
        {
            if (reader.AtEnd)
                throw new InvalidModuleException("unexpected end: a function has no END opcode expected here", reader.Position);
            var instruction = reader.Next();
            Check(instruction);
            if (_operands.Deepest > MostOperands)
                throw new InvalidModuleException($"more than {MostOperands} operands at a time", instruction.ByteOffset);
        }

        if (!reader.AtEnd)
            throw new InvalidModuleException("unexpected content after the end of a function: section size mismatch", reader.Position);
        _facts.MaxOperands = _operands.Deepest;
        _facts.UsesVectors = _operands.HadVector || Array.Exists(_facts.Locals, local => local.Kind == ValueKind.V128);
        return _facts;
    }

    int ReadLocals()
    {
        var cursor = new BinaryCursor(image.Bytes, body.Start, body.End);
        var locals = new List<WasmType>(function.Parameters);
        for (var groups = cursor.Count(); groups > 0; groups--)
        {
            var at = cursor.Position;
            var count = cursor.U32();
            var type = TypeReader.ReadValue(ref cursor, image);
            if (count > MostLocals - (uint)Math.Min(locals.Count, MostLocals))
                throw new InvalidModuleException($"too many locals: {MostLocals} are allowed", at);
            locals.AddRange(Enumerable.Repeat(type, (int)count));
        }

        _facts.Locals = [.. locals];
        BeginLocals();
        return cursor.Position;
    }

    void Check(in Instruction instruction)
    {
        (_pushedBefore, _pushed) = (_pushed, -1);
        if (Signatures.Of(instruction.Opcode) is { } signature)
        {
            if (CheckAccess(instruction) is { } address)
            {
                ApplyAccess(instruction, signature, address);
                return;
            }

            _operands.Pop(signature.Parameters.AsSpan(), instruction.ByteOffset);
            _operands.Push(signature.Results.AsSpan());
            return;
        }

        switch (instruction.Opcode)
        {
            case <= Opcode.ReturnCallRef or Opcode.TryTable: CheckControl(instruction); break;
            case <= Opcode.GlobalSet: CheckVariable(instruction); break;
            case >= Opcode.RefEq and <= Opcode.BrOnNonNull: CheckReference(instruction); break;
            case >= Opcode.StructNew and < Opcode.I32TruncSatF32S: CheckHeap(instruction); break;
            default: CheckReferenceOrBulk(instruction); break;
        }
    }

    static int Known(int index, int count, string sort, int at) =>
        (uint)index < (uint)count ? index : throw new InvalidModuleException($"unknown {sort} {index}", at);
}
