namespace Allotrope.Wasm;

/// <content>What instructions do beyond computing: calls, growth, objects, waits, and work that depends on a size.</content>
sealed partial class FunctionWalk
{
    void FollowControl(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop: Open(new WalkBlock(instruction.Opcode, at, InnermostLoop)); break;
            case Opcode.TryTable:
                foreach (var clause in instruction.Catches)
                    Branch(clause.Label, at);
                Open(new WalkBlock(Opcode.TryTable, at, InnermostLoop));
                break;
            case Opcode.If: OpenIf(instruction); break;
            case Opcode.Else: Else(at); break;
            case Opcode.End: End(at); break;
            case Opcode.BrIf: BranchIf(instruction.Index, at); break;
            case Opcode.Call: Call(instruction.Index, _image.Functions[instruction.Index]); break;
            case Opcode.CallIndirect or Opcode.CallRef: CallThrough(instruction); break;
            case Opcode.Nop: break;
            default: Leave(instruction); break;
        }
    }

    /// <summary>Branches, returns and calls after which nothing on the stack is followed any more.</summary>
    void Leave(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        switch (instruction.Opcode)
        {
            case Opcode.Br or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail: Branch(instruction.Index, at); break;
            case Opcode.BrTable:
                foreach (var target in instruction.Targets)
                    Branch(target, at);
                break;
            case Opcode.ReturnCall: Call(instruction.Index, _image.Functions[instruction.Index]); break;
            case Opcode.ReturnCallIndirect or Opcode.ReturnCallRef: CallThrough(instruction); break;
            case Opcode.Throw or Opcode.ThrowRef: Note(EffectKinds.Throws); break;
        }

        _operands.Clear();
    }

    void CallThrough(in Instruction instruction)
    {
        var site = Calls.SiteOf(_image, instruction)!.Value;
        Pop();
        Call(_calls.NodeOf(site), site.Type);
    }

    void NoteEffects(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.MemoryGrow:
                var limits = _image.Memories[instruction.Index].Limits;
                var pages = Math.Min(Peek().High, limits.IsWide ? ulong.MaxValue : uint.MaxValue);
                var grown = Math.Min(pages, (limits.Maximum ?? Memory.MostPages) - Math.Min(limits.Minimum, limits.Maximum ?? Memory.MostPages));
                _blocks[^1].Pages += grown;
                _blocks[^1].Steps += Price.Of((long)(Math.Min(grown, uint.MaxValue) * Memory.PageBytes));
                break;
            case Opcode.TableGrow:
                _blocks[^1].Steps += _image.Tables[instruction.Index].Limits.Maximum ?? uint.MaxValue; // all are copied
                break;
            case Opcode.MemoryInit or Opcode.MemoryCopy or Opcode.MemoryFill or Opcode.TableInit or Opcode.TableCopy or Opcode.TableFill:
                _blocks[^1].Steps += Peek().High;
                break;
            case Opcode.ArrayFill or (>= Opcode.ArrayCopy and <= Opcode.ArrayInitElem):
                _blocks[^1].Steps += MostForArray(Peek().High);
                break;
            case Opcode.ArrayNew or Opcode.ArrayNewDefault or Opcode.ArrayNewData or Opcode.ArrayNewElem:
                Note(EffectKinds.MakesObjects);
                _blocks[^1].Steps += MostForArray(Peek().High);
                break;
            case Opcode.StructNew or Opcode.StructNewDefault or Opcode.ArrayNewFixed: Note(EffectKinds.MakesObjects); break;
            case AtomicSignatures.Wait32 or AtomicSignatures.Wait64:
                _blocks[^1].Steps = Ceiling.None;
                Blame(UnboundedReason.Wait, instruction.ByteOffset);
                break;
        }
    }

    /// <summary>Elements of 16 bytes cost most.</summary>
    static ulong MostForArray(ulong length) => Price.Of(ValueKind.V128.SlotBytes) * Math.Min(length, uint.MaxValue);
}
