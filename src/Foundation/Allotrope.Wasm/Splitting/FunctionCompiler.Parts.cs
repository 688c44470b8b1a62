using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Parts of a function that are methods of their own, so that each is small enough to be optimised. A part takes the locals it needs as arguments, gives
/// those it changed back through <see cref="PartResults"/> in its caller's frame, and returns the number of the way it was left: 0 is going on
/// behind it. Its caller then branches. Stack traces name the function once, by its caller, as a part's own name is no function's.
/// </content>
sealed partial class FunctionCompiler
{
    readonly Part? _part;
    Dictionary<int, Part> _parts = [];
    PartSurvey? _survey;
    int _partBytes;

    /// <summary>The address of what parts give back, within this instruction.</summary>
    LocalBuilder PartResultsLocal => field ??= _il.DeclareLocal(typeof(PartResults));

    /// <summary>Where the function may be too large, compiles it once only to see how large it is and what parts it has.</summary>
    void ChooseParts(int code)
    {
        // Places are noted for a function's own method, and a part's instructions would have none.
        if (_survey is not null || _map is not null || !SplitPlan.MayNeed(_module, _position))
            return;
        var (size, survey) = Measure();
        if (!_module.SplitsAll && size.ShareOf(_module.MethodLimit) <= 1)
            return;
        _isCompact = true;
        (size, survey) = Measure();
        if (_module.SplitsAll || size.ShareOf(_module.MethodLimit) > 1)
            _parts = SplitPlan.Choose(FlowStep.Read(_image, code, _body.End), _facts, survey, size, _module);
        _module.SpareMethods -= _parts.Count;
    }

    (MethodSize Size, PartSurvey Survey) Measure()
    {
        var meter = new MeteringGenerator();
        var survey = new PartSurvey(_module.MethodLimit);
        new FunctionCompiler(_module, _position + _image.ImportedFunctions, meter, isResumption: _isResumption, entryLoop: _entryLoop)
        {
            _survey = survey,
            _isCompact = _isCompact,
            _fuelPlan = _fuelPlan,
        }.Compile();
        return (meter.Size, survey);
    }

    void Survey(in Instruction instruction)
    {
        if (_survey is not { } survey)
            return;
        var isFree = _reachable && _operands.Count == _blocks[^1].Height && _regions.Count == 1;
        survey.Visit(instruction, isFree, _reachable, ((MeteringGenerator)_il).Size);
        if (!_reachable)
            return;
        if (instruction.ByteOffset == _entryLoop)
            survey.Forbid();
        switch (instruction.Opcode)
        {
            case >= Opcode.ReturnCall and <= Opcode.ReturnCallIndirect or Opcode.ReturnCallRef: survey.Forbid(); break;
            case Opcode.Call or Opcode.CallIndirect or Opcode.CallRef when IsSite: survey.Forbid(); break;
            case Opcode.Br or Opcode.BrIf or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail:
                SurveyBranch(instruction.Index);
                break;
            case Opcode.Return: SurveyBranch(_blocks.Count - 1); break;
            case Opcode.BrTable:
                foreach (var target in instruction.Targets)
                    SurveyBranch(target);
                if (instruction.Targets.Distinct().Count() > SplitPlan.MostWays)
                    survey.Forbid(_blocks.Count - 1 - instruction.Targets.Max());
                break;
            case Opcode.TryTable:
                foreach (var clause in instruction.Catches)
                    SurveyBranch(clause.Label);
                break;
        }
    }

    /// <summary>No part is left with references, or with many values.</summary>
    void SurveyBranch(int depth)
    {
        var carried = Target(depth).Branch;
        var isPlain = carried.Length <= PartResults.MostCarried;
        foreach (var type in carried)
            isPlain &= !type.Kind.IsReference;
        if (!isPlain)
            _survey!.Forbid(_blocks.Count - 1 - depth);
    }

    /// <summary>Compiles this part of a function.</summary>
    /// <param name="around">The blocks that it is in.</param>
    /// <returns>The blocks it may leave for, in the order of their numbers; null is going on behind it.</returns>
    List<BlockEmission?> CompilePart(List<BlockEmission> around)
    {
        var part = _part!;
        foreach (var block in around)
            _blocks.Add(new BlockEmission(block.Kind, block.Type, Height: 0, _il.DefineLabel(), Region));
        EmitBases();
        EmitGuard();
        if (_loopsKeepingFuel > 0)
            ReadFuel();
        ReadStack();
        _frame.WidenArguments();
        EmitCode(part.Start, part.End);
        var exits = new List<BlockEmission?> { null };
        if (_reachable)
            EmitExit(part, 0, []);
        for (var i = 0; i < around.Count; i++)
        {
            if (!_blocks[i].IsTargeted)
                continue;
            _il.MarkLabel(_blocks[i].Label);
            EmitExit(part, exits.Count, Carriers(_blocks[i]));
            exits.Add(around[i]);
        }

        EmitOutOfLine();
        EmitTraps(Region);
        _module.Count(_il.ILOffset, _body);
        return exits;
    }

    /// <summary>What the function left of the stack is what the guard says between its calls. Its caller gives it back.</summary>
    void ReadStack()
    {
        if (!CountsStack)
            return;
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, Members.GuardStackLeft);
        _il.Emit(OpCodes.Stloc, StackLeft);
    }

    void EmitExit(Part part, int number, int[] carriers)
    {
        var slot = 0;
        foreach (var local in part.Given)
            Give(new Operand(_frame.Kinds[local], Place.Local, local));
        foreach (var carrier in carriers)
            Give(_frame.Temporary(carrier));
        _il.LoadInt32(number);
        _il.Emit(OpCodes.Ret);

        void Give(in Operand operand)
        {
            _il.LoadArgument(part.Taken.Length);
            AddSlot(slot++);
            _frame.Load(operand);
            EmitStoreResult(operand.Kind);
        }
    }

    /// <summary>Calls a part and goes where it says.</summary>
    void EmitPart(Part part)
    {
        Type[] parameters = [.. part.Taken.Select(local => _frame.Kinds[local].ClrType), typeof(nint), typeof(Instance)];
        var method = _module.DefinePart(_position, parameters);
        var inner = new FunctionCompiler(_module, _position + _image.ImportedFunctions, method.GetILGenerator(), part)
        {
            _isCompact = _isCompact,
            _fuelPlan = _fuelPlan,
            _paidAt = _paidAt,
            _loopsKeepingFuel = _loopsKeepingFuel,
        };
        var exits = inner.CompilePart(_blocks);
        _partBytes = Math.Max(_partBytes, (int)_module.FrameBytes(_position, inner._frame.Bytes, part.End - part.Start));
        foreach (var local in part.Taken)
            _frame.Load(new Operand(_frame.Kinds[local], Place.Local, local));
        LoadResult(0);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Call, method);
        var exit = _frame.Scratch(typeof(int));
        _il.Emit(OpCodes.Stloc, exit);
        if (_loopsKeepingFuel > 0)
            ReadFuel();
        for (var i = 0; i < part.Given.Length; i++)
        {
            LoadResult(i);
            EmitLoadResult(_frame.Kinds[part.Given[i]]);
            _frame.StoreLocal(part.Given[i]);
            _checked.Forget(part.Given[i]);
        }

        if (exits.Count > 1)
            EmitExits(exits, exit, part.Given.Length, inner._reachable);
        if (inner._reachable)
            return;
        if (exits.Count == 1)
            EmitTrap(TrapKind.Unreachable, byteOffset: 0); // it never comes back
        CutOff();
    }

    void EmitExits(List<BlockEmission?> exits, LocalBuilder exit, int firstSlot, bool goesOn)
    {
        var on = _il.DefineLabel();
        var labels = exits.Select(target => target is null ? on : IsDirect(target) ? target.Label : _il.DefineLabel()).ToArray();
        _il.Emit(OpCodes.Ldloc, exit);
        if (exits.Count == 2 && goesOn)
        {
            _il.Emit(OpCodes.Brtrue, labels[1]);
        }
        else
        {
            _il.Emit(OpCodes.Switch, goesOn ? labels : labels[..^1]);
            if (!goesOn)
            {
                _il.MarkLabel(on); // zero is never returned
                _il.Emit(OpCodes.Br, labels[^1]);
            }
        }

        if (goesOn && exits.Any(target => target is not null && !IsDirect(target)))
            _il.Emit(OpCodes.Br, on);
        for (var i = 1; i < exits.Count; i++)
        {
            var target = exits[i]!;
            Aim(target);
            if (IsDirect(target))
                continue;
            _il.MarkLabel(labels[i]);
            EmitExitTo(target, firstSlot);
        }

        if (goesOn)
            _il.MarkLabel(on);
    }

    void EmitExitTo(BlockEmission target, int firstSlot)
    {
        var carriers = target.IsReturn ? [] : Carriers(target);
        for (var i = 0; i < target.Arity; i++)
        {
            LoadResult(firstSlot + i);
            EmitLoadResult(target.Branch[i].Kind);
            if (!target.IsReturn)
                _frame.StoreTemporary(carriers[i]);
        }

        if (target.IsReturn)
            EmitPackAndReturn();
        else
            Jump(target);
    }

    void LoadResult(int slot)
    {
        _il.Emit(OpCodes.Ldloca, PartResultsLocal);
        _il.Emit(OpCodes.Conv_U);
        AddSlot(slot);
    }

    void AddSlot(int slot)
    {
        if (slot == 0)
            return;
        _il.LoadInt32(slot * PartResults.SlotBytes);
        _il.Emit(OpCodes.Add);
    }

    void EmitLoadResult(ValueKind kind)
    {
        if (kind == ValueKind.V128)
            _il.Emit(OpCodes.Ldobj, kind.ClrType);
        else
            _il.Emit(LoadIndirect(kind));
    }

    void EmitStoreResult(ValueKind kind)
    {
        if (kind == ValueKind.V128)
            _il.Emit(OpCodes.Stobj, kind.ClrType);
        else
            _il.Emit(StoreIndirect(kind));
    }
}
