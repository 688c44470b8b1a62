namespace Allotrope.Wasm;

/// <content>Where a function's instructions begin.</content>
ref partial struct InstructionReader
{
    /// <summary>The instructions of a function, behind what it says of its locals.</summary>
    internal static InstructionReader OfBody(ModuleImage image, FunctionBody body)
    {
        var cursor = new BinaryCursor(image.Bytes, body.Start, body.End);
        for (var groups = cursor.Count(); groups > 0; groups--)
        {
            cursor.U32();
            TypeReader.ReadValue(ref cursor, image);
        }

        return new InstructionReader(image, cursor.Position, body.End);
    }
}
