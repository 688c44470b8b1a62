namespace Allotrope.Wasm;

/// <content>Code, element and data segments, and the constant expressions in them.</content>
sealed partial class ModuleDecoder
{
    /// <summary>Items that are function indices are never null.</summary>
    static readonly WasmType Functions = WasmType.Reference(ValueKind.FuncRef, nullable: false);

    void ReadCode(ref BinaryCursor section)
    {
        _image.CodeStart = section.Position;
        for (var left = section.Count(); left > 0; left--)
        {
            var body = section.Part();
            _image.Bodies.Add(new FunctionBody(body.Position, body.End));
        }
    }

    /// <summary>
    /// Eight layouts by three flag bits: 1 = not active, 2 = with a table index (active) or declarative (not active), 4 = items are expressions.
    /// </summary>
    void ReadElements(ref BinaryCursor section)
    {
        for (var left = Declarations(ref section, "element segments"); left > 0; left--)
        {
            var at = section.Position;
            var flags = section.U32();
            if (flags > 7)
                throw new InvalidModuleException($"malformed elements segment kind {flags}", at);
            var active = (flags & 1) == 0;
            var table = active && (flags & 2) != 0 ? section.Index() : 0;
            var offset = active ? ReadConstantExpression(ref section) : default;
            var expressions = (flags & 4) != 0;
            var type = (flags & 3) == 0 ? (flags & 4) == 0 ? Functions : ValueKind.FuncRef : ReadItemType(ref section, expressions);
            var items = new ConstantExpression[section.Count()];
            for (var i = 0; i < items.Length; i++)
                items[i] = expressions ? ReadConstantExpression(ref section) : ReadFunctionReference(ref section);
            var mode = active ? SegmentMode.Active : (flags & 2) == 0 ? SegmentMode.Passive : SegmentMode.Declarative;
            _image.ElementSegments.Add(new ElementSegment(mode, table, offset, type, items));
        }
    }

    /// <summary>Segments of expressions name a type; those of function indices an element kind, of which there is one.</summary>
    WasmType ReadItemType(ref BinaryCursor section, bool expressions)
    {
        if (expressions)
            return TypeReader.ReadReference(ref section, _image);
        var at = section.Position;
        return section.Byte() == 0 ? Functions : throw new InvalidModuleException("malformed element kind", at);
    }

    static ConstantExpression ReadFunctionReference(ref BinaryCursor section)
    {
        var at = section.Position;
        return new ConstantExpression(Opcode.RefFunc, ValueKind.FuncRef, section.Index(), at, section.Position);
    }

    void ReadData(ref BinaryCursor section)
    {
        for (var left = Declarations(ref section, "data segments"); left > 0; left--)
        {
            var at = section.Position;
            var flags = section.U32();
            if (flags > 2)
                throw new InvalidModuleException($"malformed data segment kind {flags}", at);
            var memory = flags == 2 ? section.Index() : 0;
            var offset = flags == 1 ? default : ReadConstantExpression(ref section);
            var part = section.Part();
            var bytes = _image.Bytes.AsMemory(part.Position, part.Remaining);
            _image.DataSegments.Add(new DataSegment(flags == 1 ? SegmentMode.Passive : SegmentMode.Active, memory, offset, bytes));
        }
    }

    /// <summary>Reads up to the end; what the instructions are is checked by the validator.</summary>
    ConstantExpression ReadConstantExpression(ref BinaryCursor section)
    {
        var reader = new InstructionReader(_image, section.Position, section.End);
        var first = reader.Next();
        if (first.Opcode == Opcode.End)
            throw new InvalidModuleException("type mismatch: a constant expression is empty", first.ByteOffset);
        var count = 1;
        for (var next = first; next.Opcode != Opcode.End; next = reader.Next(), count++)
        {
            if (!ConstantInstructions.Contains(next.Opcode))
                throw Invalid(next);
        }

        section.Bytes(reader.Position - section.Position);
        return count == 2 ? ConstantInstructions.Alone(first, reader.Position) : new(null, default, 0, first.ByteOffset, reader.Position);
    }

    static InvalidModuleException Invalid(Instruction instruction) => Enum.IsDefined(instruction.Opcode)
        ? new("constant expression required", instruction.ByteOffset)
        : new($"illegal opcode 0x{(int)instruction.Opcode:x2}", instruction.ByteOffset);
}
