using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>Emits one validated function as IL, in one pass over its code.</summary>
sealed partial class FunctionCompiler
{
    /// <summary>
    /// IL that one function may become. Branches copy what they carry, so a hostile module can ask for hundreds of times its own size;
    /// the largest real functions stay a factor of ten below this.
    /// </summary>
    const int MostIlBytes = 16 << 20;

    readonly ModuleEmission _module;
    readonly FunctionType _type;
    readonly int _position;
    readonly FunctionFacts _facts;
    readonly FunctionBody _body;
    readonly ILGenerator _il;
    readonly Frame _frame;
    readonly OperandStack _operands;
    readonly ModuleImage _image;
    Label _refused;
    Label _entered;

    internal FunctionCompiler(ModuleEmission module, int functionIndex, ILGenerator il, Part? part = null, bool isResumption = false, int entryLoop = 0)
    {
        _entryLoop = entryLoop;
        _isResumption = isResumption;
        _module = module;
        _image = module.Image;
        _type = _image.Functions[functionIndex];
        _position = functionIndex - _image.ImportedFunctions;
        _facts = module.Facts[_position];
        _body = _image.Bodies[_position];
        _il = il;
        _part = part;
        _frame = isResumption ? Frame.OfResumption(il, _facts)
            : entryLoop > 0 ? Frame.OfLoopEntry(il, _facts)
            : part is null ? Frame.Of(il, _type, _facts)
            : Frame.Of(il, part, _facts);
        _sitePlan = part is null ? module.SitePlanOf(_position) : null;
        _operands = new OperandStack(il, _frame);
        _map = module.NotesPlaces ? new CodeMap() : null;
    }

    /// <returns>Bytes of stack that the code takes.</returns>
    internal int Compile()
    {
        var code = InstructionReader.OfBody(_image, _body).Position;
        ChooseParts(code);
        EmitEntry(code);
        if (_isResumption)
        {
            EmitResumption();
        }
        else if (_entryLoop > 0)
        {
            BeginAtLoop();
        }
        else
        {
            EmitSample();
            _frame.ClearLocals();
            _frame.WidenArguments();
        }

        OpenFunction();
        EmitCode(code, _body.End);
        EmitOutOfLine();
        EmitLoopEntry();
        _map?.Add(_il.ILOffset, code);
        EmitRefusal();
        _map?.Add(_il.ILOffset, CodeMap.Nowhere);
        EmitTraps(Region);
        EmitLeaving();
        if (_survey is null)
            _module.Count(_il.ILOffset, _body);
        if (_map is not null)
            _module.Maps[_position] = _map.ToArray();
        return (int)_module.FrameBytes(_position, _frame.Bytes) + _partBytes;
    }

    void EmitCode(int start, int end)
    {
        var reader = new InstructionReader(_image, start, end);
        while (!reader.AtEnd)
        {
            CheckSize();
            if (_parts.TryGetValue(reader.Position, out var part))
            {
                EmitPart(part);
                reader = new InstructionReader(_image, part.End, end);
                continue;
            }

            var instruction = reader.Next();
            _next = reader.Position;
            _instruction = instruction.ByteOffset;
            Survey(instruction);
            NotePlace(instruction);
            if (_reachable)
            {
                PayAt(_instruction);
                Emit(instruction);
            }
            else
            {
                Skip(instruction);
            }

            LeavePlace();
        }

        CheckSize();
    }

    void CheckSize()
    {
        if (_il.ILOffset > MostIlBytes)
            throw new InvalidModuleException("a function is too large: what its branches carry would fill many megabytes of code", _body.Start);
        if (_frame.Count > Frame.MostLocals)
            throw new InvalidModuleException($"a function needs more than {Frame.MostLocals} places for variables and operands", _body.Start);
    }

    /// <summary>
    /// Compares the stack pointer with the limit, unless the function calls nothing: then it neither recurses nor runs for long, and its small
    /// frame fits the reserve. Puts what it will need often into locals.
    /// </summary>
    void EmitEntry(int code)
    {
        EmitBases();
        EmitGuard();
        if (!BeginsAtStart)
            return;
        if (AsksForStack)
        {
            (_refused, _entered) = (_il.DefineLabel(), _il.DefineLabel());
            EntryCheck.Emit(_il, _frame.LoadInstance, Marker, spare: 0, _refused);
            _il.MarkLabel(_entered);
            TakeStack();
        }

        PayAtEntry(code);
    }

    bool AsksForStack => _facts.HasCall || _map is not null;

    /// <summary>A local in memory: its address stands for the stack pointer.</summary>
    LocalBuilder Marker => field ??= _il.DeclareLocal(typeof(long));

    void EmitGuard()
    {
        if (!_facts.HasLoop && !_facts.MakesObjects && !CountsStack && (!_module.Fuel || (Plan.IsEmpty && !_facts.HasCall)) && _sitePlan is null)
            return;
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceGuard);
        _il.Emit(OpCodes.Stloc, Guard);
    }

    LocalBuilder Guard => field ??= _il.DeclareLocal(typeof(Guard));

    void Emit(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.I32DivS or Opcode.I32DivU or Opcode.I32RemS or Opcode.I32RemU:
                EmitDivision(instruction.Opcode - Opcode.I32DivS, ValueKind.I32);
                break;
            case Opcode.I64DivS or Opcode.I64DivU or Opcode.I64RemS or Opcode.I64RemU:
                EmitDivision(instruction.Opcode - Opcode.I64DivS, ValueKind.I64);
                break;
            case <= Opcode.ReturnCallRef or Opcode.TryTable: EmitControl(instruction); break;
            case >= Opcode.StructNew and < Opcode.I32TruncSatF32S: EmitHeap(instruction); break;
            case <= Opcode.GlobalSet: EmitVariable(instruction); break;
            case <= Opcode.TableSet: EmitTable(instruction); break;
            case <= Opcode.MemoryGrow: EmitMemory(instruction); break;
            case <= Opcode.F64Const: _operands.PushConstant(Signatures.Of(instruction.Opcode)!.Results[0].Kind, instruction.Bits); break;
            case <= Opcode.I64Extend32S or (>= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U): EmitNumeric(instruction.Opcode); break;
            case Opcode.RefNull or Opcode.RefIsNull or Opcode.RefFunc: EmitReference(instruction); break;
            case >= Opcode.RefEq and <= Opcode.BrOnNonNull: EmitNullTest(instruction); break;
            case <= Opcode.MemoryFill: EmitMemory(instruction); break;
            case >= AtomicSignatures.First: EmitAtomic(instruction); break;
            case >= VectorSignatures.First: EmitVector(instruction); break;
            default: EmitTable(instruction); break;
        }
    }

    void EmitNumeric(Opcode opcode)
    {
        if (TryEmitShift(opcode))
            return;
        var signature = Signatures.Of(opcode)!;
        var mayBeDropped = MayBeDropped(opcode);
        var bound = Bounds.Of(opcode, _operands);
        var mayBeConstant = IsRotationOfConstants(opcode);
        var depth = NumericEmitter.IsCommutative(opcode) ? _operands.LoadEitherWay() : _operands.Load(signature.Parameters.Length);
        ShieldOperands(opcode);
        if (mayBeConstant)
            ShieldCount();
        NumericEmitter.Emit(_il, opcode);
        NoteRotation(opcode);
        if (_module.Deterministic && Canonical.MayMakeNaN(opcode))
            Canonical.Emit(_il, signature.Results[0].Kind);
        else if (mayBeDropped)
            NumericEmitter.EmitQuiet(_il, signature.Results[0].Kind);
        _operands.PushResult(signature.Results[0].Kind, depth, bound);
    }

    /// <summary>
    /// Whether the just-in-time compiler may take the instruction for the identity or a negation, which it is but for signalling NaNs:
    /// arithmetic with 0, 1 or -1, and a demotion (of a promotion).
    /// </summary>
    bool MayBeDropped(Opcode opcode) => opcode switch
    {
        Opcode.F32DemoteF64 => true,
        (>= Opcode.F32Add and <= Opcode.F32Div) or (>= Opcode.F64Add and <= Opcode.F64Div) =>
            NumericEmitter.IsZeroOrOne(_operands.Top) || NumericEmitter.IsZeroOrOne(_operands.Second),
        _ => false,
    };

    /// <summary>div_s, div_u, rem_s, rem_u: what the processor would fault on is asked for first.</summary>
    void EmitDivision(int which, ValueKind kind)
    {
        var signed = which is 0 or 2;
        var isRemainder = which >= 2;
        var divisor = _operands.Take();
        var dividend = _operands.Take();
        _operands.Spill();
        var safe = divisor.Place == Place.Constant && divisor.Bits != 0 && (!signed || divisor.Bits != -1);
        if (!safe)
        {
            _frame.Load(divisor);
            ShieldTest(kind);
            _il.Emit(OpCodes.Brfalse, TrapLabel(TrapKind.IntegerDivideByZero));
        }

        var end = _il.DefineLabel();
        var result = _frame.Rent(kind);
        if (!safe && signed)
            EmitMinusOne(dividend, divisor, isRemainder, kind, result, end);
        _frame.Load(dividend);
        _frame.Load(divisor);
        _il.Emit(signed ? isRemainder ? OpCodes.Rem : OpCodes.Div : isRemainder ? OpCodes.Rem_Un : OpCodes.Div_Un);
        _frame.StoreTemporary(result);
        _il.MarkLabel(end);
        _frame.Release(divisor);
        _frame.Release(dividend);
        _operands.Push(_frame.Temporary(result));
    }

    /// <summary>By -1 the remainder is zero, and the quotient of the smallest integer does not exist.</summary>
    void EmitMinusOne(Operand dividend, Operand divisor, bool isRemainder, ValueKind kind, int result, Label end)
    {
        var ordinary = _il.DefineLabel();
        _frame.Load(divisor);
        _il.LoadConstant(kind, -1);
        _il.Emit(OpCodes.Bne_Un, ordinary);
        if (isRemainder)
        {
            _il.LoadConstant(kind, 0);
            _frame.StoreTemporary(result);
            _il.Emit(OpCodes.Br, end);
        }
        else
        {
            _frame.Load(dividend);
            _il.LoadConstant(kind, kind == ValueKind.I32 ? int.MinValue : long.MinValue);
            _il.Emit(OpCodes.Beq, TrapLabel(TrapKind.IntegerOverflow));
        }

        _il.MarkLabel(ordinary);
    }

    /// <summary>
    /// Where to branch, with an empty IL stack, to trap. All traps of a kind in a region share a place at its end, out of the way; where places are noted,
    /// those of an instruction do.
    /// </summary>
    Label TrapLabel(TrapKind kind)
    {
        var trap = (kind, _map is null ? 0 : _byteOffset);
        if (!Region.Traps.TryGetValue(trap, out var label))
            Region.Traps[trap] = label = _il.DefineLabel();
        return label;
    }

    void EmitRefusal()
    {
        if (AsksForStack && BeginsAtStart)
        {
            _il.MarkLabel(_refused);
            EntryCheck.EmitRefusal(_il, _frame.LoadInstance, spare: 0, _entered);
        }
    }

    void EmitTraps(TryRegion region)
    {
        foreach (var poll in region.Polls)
            EmitPoll(poll);
        if (region.Stop is { } stop)
            EmitStop(stop);
        foreach (var ((kind, byteOffset), label) in region.Traps)
        {
            _il.MarkLabel(label);
            EmitTrap(kind, byteOffset);
        }

        EmitSites(region);
    }

    void EmitTrap(TrapKind kind, int byteOffset)
    {
        _il.LoadInt32((int)kind);
        if (byteOffset > 0)
            _il.LoadInt32(byteOffset);
        _il.Emit(OpCodes.Call, byteOffset > 0 ? Members.TrapAt : Members.TrapOf);
        _il.Emit(OpCodes.Throw);
    }
}
