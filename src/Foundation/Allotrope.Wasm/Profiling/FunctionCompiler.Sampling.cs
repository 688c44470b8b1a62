using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>Where code that is to be sampled looks whether it shall note its stack.</content>
sealed partial class FunctionCompiler
{
    /// <summary>With nothing on the IL stack.</summary>
    void EmitSample()
    {
        if (!_module.Sampled)
            return;
        var goOn = _il.DefineLabel();
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceSampler);
        _il.Emit(OpCodes.Volatile);
        _il.Emit(OpCodes.Ldfld, Members.SamplerAsked);
        _il.Emit(OpCodes.Brfalse, goOn);
        _frame.LoadInstance();
        _il.Emit(OpCodes.Ldfld, Members.InstanceSampler);
        _il.Emit(OpCodes.Call, Members.SamplerNote);
        _il.MarkLabel(goOn);
    }
}
