using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <summary>Computes constant expressions while an instance is made.</summary>
sealed class ConstantEvaluator(Instance instance)
{
    readonly ModuleImage _image = instance.Module.Image;
    readonly Stack<Value> _operands = [];

    internal Value Evaluate(in ConstantExpression expression) => expression.Single switch
    {
        Opcode.GlobalGet => Global((int)expression.Operand),
        Opcode.RefFunc => Function((int)expression.Operand),
        Opcode.RefNull => Value.Zero(expression.Type.Kind),
        null => Run(expression),
        _ => Value.FromBits(expression.Type.Kind, expression.Operand),
    };

    Value Run(in ConstantExpression expression)
    {
        var reader = new InstructionReader(_image, expression.ByteOffset, expression.End);
        for (var next = reader.Next(); next.Opcode != Opcode.End; next = reader.Next())
            Execute(next);
        return _operands.Pop();
    }

    void Execute(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.GlobalGet: _operands.Push(Global(instruction.Index)); break;
            case Opcode.RefFunc: _operands.Push(Function(instruction.Index)); break;
            case Opcode.RefNull: _operands.Push(Value.Zero(instruction.Type.Kind)); break;
            case (Opcode)VectorOpcode.V128Const:
                _operands.Push(Value.FromVector128(Vector128.Create(instruction.Bits, instruction.High).AsByte()));
                break;
            case >= Opcode.I32Const and <= Opcode.F64Const:
                _operands.Push(Value.FromBits(Signatures.Of(instruction.Opcode)!.Results[0].Kind, instruction.Bits));
                break;
            case >= Opcode.StructNew and <= Opcode.I31GetU: _operands.Push(ConstantObjects.Make(instruction, _operands, instance)); break;
            default:
                var right = _operands.Pop();
                _operands.Push(ConstantInstructions.Compute(instruction.Opcode, _operands.Pop(), right));
                break;
        }
    }

    Value Global(int index) => instance.Globals[index]!.Value;

    Value Function(int index) => Value.FromFunction(instance.FunctionAt(index));
}
