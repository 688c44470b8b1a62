namespace Allotrope.Wasm;

/// <summary>An instruction as far as the flow of control and of locals' values is concerned; others are left out.</summary>
/// <param name="Position">Where it begins in the module.</param>
/// <param name="Opcode">What it does; <c>br_on_null</c> and its kin are <c>br_if</c>, what never goes on is <c>unreachable</c>.</param>
/// <param name="Index">The local, or the label.</param>
/// <param name="Targets">Labels of <c>br_table</c>; what <c>try_table</c> catches goes to, from within it.</param>
readonly record struct FlowStep(int Position, Opcode Opcode, int Index, int[]? Targets)
{
    internal static List<FlowStep> Read(ModuleImage image, int start, int end)
    {
        var steps = new List<FlowStep>();
        var reader = new InstructionReader(image, start, end);
        while (!reader.AtEnd)
        {
            var instruction = reader.Next();
            if (Of(instruction) is { } step)
                steps.Add(step);
        }

        return steps;
    }

    static FlowStep? Of(in Instruction instruction)
    {
        var (at, opcode) = (instruction.ByteOffset, instruction.Opcode);
        return opcode switch
        {
            Opcode.LocalGet or Opcode.LocalSet or Opcode.LocalTee => new(at, opcode, instruction.Index, null),
            Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else or Opcode.End => new(at, opcode, 0, null),
            Opcode.Br => new(at, opcode, instruction.Index, null),
            Opcode.BrIf or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail => new(at, Opcode.BrIf, instruction.Index, null),
            Opcode.BrTable => new(at, opcode, 0, instruction.Targets),
            Opcode.TryTable => new(at, opcode, 0, Array.ConvertAll(instruction.Catches, clause => clause.Label + 1)),
            Opcode.Unreachable or Opcode.Return or Opcode.Throw or Opcode.ThrowRef or (>= Opcode.ReturnCall and <= Opcode.ReturnCallIndirect)
                or Opcode.ReturnCallRef => new(at, Opcode.Unreachable, 0, null),
            _ => null,
        };
    }
}
