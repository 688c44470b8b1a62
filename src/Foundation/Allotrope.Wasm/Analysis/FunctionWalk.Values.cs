namespace Allotrope.Wasm;

/// <content>What is known of operands and locals.</content>
sealed partial class FunctionWalk
{
    readonly Assignments?[] _locals;

    void Follow(in Instruction instruction)
    {
        var opcode = instruction.Opcode;
        switch (opcode)
        {
            case Opcode.I32Const: _operands.Push(Known.Constant((uint)instruction.Bits)); break;
            case Opcode.I64Const: _operands.Push(Known.Constant((ulong)instruction.Bits)); break;
            case Opcode.LocalGet: _operands.Push(Read(instruction.Index)); break;
            case Opcode.LocalSet: Assign(instruction.Index, instruction.ByteOffset); break;
            case Opcode.LocalTee:
                Assign(instruction.Index, instruction.ByteOffset);
                _operands.Push(Read(instruction.Index));
                break;
            case Opcode.I32Eqz or (>= Opcode.I32Eq and <= Opcode.I32GeU): Compare(opcode - Opcode.I32Eqz, 32); break;
            case >= Opcode.I64Eqz and <= Opcode.I64GeU: Compare(opcode - Opcode.I64Eqz, 64); break;
            case Opcode.I32Add or Opcode.I32Sub: Add(opcode == Opcode.I32Sub, 32); break;
            case Opcode.I64Add or Opcode.I64Sub: Add(opcode == Opcode.I64Sub, 64); break;
            case Opcode.I32And or Opcode.I64And or Opcode.I32RemU or Opcode.I64RemU or Opcode.I32ShrU or Opcode.I64ShrU: Reduce(opcode); break;
            case Opcode.I64ExtendI32U: _operands.Push(Pop() with { Of = null, Test = null }); break;
            case Opcode.Drop: Pop(); break;
            case Opcode.Select or Opcode.SelectTyped: Select(); break;
            case Opcode.GlobalGet: _operands.Push(Global(instruction.Index)); break;
            case Opcode.GlobalSet: Pop(); break;
            case Opcode.RefFunc or Opcode.RefNull: _operands.Push(Known.Anything); break;
            case <= Opcode.ReturnCallRef or Opcode.TryTable or (>= Opcode.BrOnNull and <= Opcode.BrOnNonNull)
                or Opcode.BrOnCast or Opcode.BrOnCastFail: FollowControl(instruction); break;
            default: FollowOther(instruction); break;
        }
    }

    void FollowOther(in Instruction instruction)
    {
        NoteEffects(instruction);
        if (Signatures.Of(instruction.Opcode) is not { } signature)
        {
            _operands.Clear();
            return;
        }

        Pop(signature.Parameters.Length);
        foreach (var result in signature.Results)
            _operands.Push(RangeOf(instruction.Opcode) ?? Known.Any(result.Kind));
    }

    static Known? RangeOf(Opcode opcode) => opcode switch
    {
        Opcode.I32Load8U or Opcode.I64Load8U => Known.UpTo(byte.MaxValue),
        Opcode.I32Load16U or Opcode.I64Load16U => Known.UpTo(ushort.MaxValue),
        Opcode.I64Load32U => Known.Narrow,
        Opcode.I32Clz or Opcode.I32Ctz or Opcode.I32Popcnt => Known.UpTo(32),
        Opcode.I64Clz or Opcode.I64Ctz or Opcode.I64Popcnt => Known.UpTo(64),
        (>= Opcode.F32Eq and <= Opcode.F64Ge) => Known.Truth,
        Opcode.MemorySize or Opcode.MemoryGrow => Known.Anything, // as wide as the memory's addresses
        _ => null,
    };

    Known Read(int local)
    {
        var kind = _facts.Locals[local].Kind;
        var latest = LocalAt(local).Latest;
        var range = IsKnown(latest, InnermostLoop, int.MaxValue - 1) ? latest.Value : Known.Any(kind);
        return kind is ValueKind.I32 or ValueKind.I64 ? range with { Of = new Variable(local, latest.Position, 0) } : Known.Anything;
    }

    /// <summary>
    /// Whether what was assigned is still there at a later place: no other assignment is between them in the code, every way to the place passes this
    /// one (the arm it is in is still open), and none comes round from below (the place is in the same loop).
    /// </summary>
    bool IsKnown(in Assignment assignment, WalkBlock? loop, int at) => assignment.Loop == loop && _armEnds[assignment.Arm] > at;

    Assignments LocalAt(int local)
    {
        if (_locals[local] is { } known)
            return known;
        var isParameter = local < _image.Functions[_function].Parameters.Length;
        var first = isParameter ? Known.Any(_facts.Locals[local].Kind) : Known.Constant(0);
        return _locals[local] = new Assignments(new Assignment(0, first, 0, 0, null));
    }

    void Assign(int local, int at)
    {
        var value = Pop();
        var before = LocalAt(local);
        var step = value.Of is { } of && of.Local == local && of.Version == before.Latest.Position ? of.Delta : 0;
        before.Add(new Assignment(at, value with { Of = null, Test = null }, step, _blocks[^1].Arm, InnermostLoop));
    }

    void Add(bool subtract, int bits)
    {
        var (right, left) = (Pop(), Pop());
        if (!subtract && left.IsConstant)
            (left, right) = (right, left);
        var mask = Known.MaskOf(bits);
        var amount = bits == 32 ? (int)right.Low : (long)right.Low;
        _operands.Push(!right.IsConstant || left.High > mask ? new Known(0, mask) : (left with { Test = null }).Plus(subtract ? -amount : amount, bits));
    }

    /// <summary>Operations whose result is not larger than an operand.</summary>
    void Reduce(Opcode opcode)
    {
        var (right, left) = (Pop(), Pop());
        var wide = opcode is Opcode.I64And or Opcode.I64RemU or Opcode.I64ShrU;
        _operands.Push(Known.UpTo(Math.Min(wide ? ulong.MaxValue : uint.MaxValue, opcode switch
        {
            Opcode.I32And or Opcode.I64And => Math.Min(left.High, right.High),
            Opcode.I32RemU or Opcode.I64RemU => right.High == 0 ? 0 : Math.Min(left.High, right.High - 1),
            _ => right.IsConstant ? left.High >> (int)(right.Low & (wide ? 63UL : 31UL)) : left.High,
        })));
    }

    void Select()
    {
        Pop();
        var (other, one) = (Pop(), Pop());
        _operands.Push(new Known(Math.Min(one.Low, other.Low), Math.Max(one.High, other.High)));
    }

    Known Global(int index)
    {
        var kind = _image.Globals[index].Type.Kind;
        var initial = index >= _image.ImportedGlobals && !_image.Globals[index].Mutable ? _image.GlobalInitializers[index - _image.ImportedGlobals] : default;
        return initial.Single switch
        {
            Opcode.I32Const => Known.Constant((uint)initial.Operand),
            Opcode.I64Const => Known.Constant((ulong)initial.Operand),
            _ => Known.Any(kind),
        };
    }

    /// <summary>A comparison by its place after eqz: eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u.</summary>
    void Compare(int which, int bits)
    {
        var right = which == 0 ? Known.Constant(0) : Pop();
        var left = Pop();
        var relation = which switch
        {
            0 or 1 => Relation.Equal,
            2 => Relation.Unequal,
            3 => Relation.LessSigned,
            4 => Relation.LessUnsigned,
            5 => Relation.GreaterSigned,
            6 => Relation.GreaterUnsigned,
            7 => Relation.AtMostSigned,
            8 => Relation.AtMostUnsigned,
            9 => Relation.AtLeastSigned,
            _ => Relation.AtLeastUnsigned,
        };
        _operands.Push(Known.Truth with { Test = Test(left, relation, right, bits) });
    }

    static Comparison? Test(Known left, Relation relation, Known right, int bits)
    {
        if (left.Test is { } asked && relation is Relation.Equal or Relation.Unequal && right is { IsConstant: true, Low: 0 })
            return relation == Relation.Equal ? left.Test!.Negated : left.Test;
        var mask = Known.MaskOf(bits);
        if (left.Of is { } variable)
            return new Comparison(variable, relation, right.High > mask ? new(0, mask) : right, bits);
        return right.Of is { } other ? new Comparison(other, Turned(relation), left.High > mask ? new(0, mask) : left, bits) : null;
    }

    /// <summary>The relation seen from the other side.</summary>
    static Relation Turned(Relation relation) => relation switch
    {
        Relation.LessSigned => Relation.GreaterSigned,
        Relation.GreaterSigned => Relation.LessSigned,
        Relation.LessUnsigned => Relation.GreaterUnsigned,
        Relation.GreaterUnsigned => Relation.LessUnsigned,
        Relation.AtLeastSigned => Relation.AtMostSigned,
        Relation.AtMostSigned => Relation.AtLeastSigned,
        Relation.AtLeastUnsigned => Relation.AtMostUnsigned,
        Relation.AtMostUnsigned => Relation.AtLeastUnsigned,
        _ => relation,
    };
}
