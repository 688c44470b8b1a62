namespace Allotrope.Wasm;

/// <content>Immediates of vector instructions.</content>
ref partial struct InstructionReader
{
    void ReadVectorImmediates(ref Instruction instruction)
    {
        var opcode = instruction.Vector;
        if (opcode is VectorOpcode.V128Const or VectorOpcode.I8x16Shuffle)
        {
            instruction.Bits = _cursor.F64Bits();
            instruction.High = _cursor.F64Bits();
            return;
        }

        if (VectorSignatures.IsAccess(opcode))
            ReadAccess(ref instruction);
        if (VectorSignatures.Lanes(opcode) > 0)
            instruction.Lane = _cursor.Byte();
    }
}
