using System.Reflection;

namespace Allotrope.Wasm;

/// <summary>Makes the method that goes on with a function at one of its loops, in a class of its own: few loops need it.</summary>
static class LoopEntry
{
    internal static void Make(int function, HotLoop loop, ModuleSteps steps, CompiledModule? code)
    {
        var (image, facts) = (steps.Image, steps.Facts);
        var type = CodeAssembly.DefineClass(ModuleCompiler.ClassName);
        var emission = new ModuleEmission(image, facts, steps.Options, new MethodInfo?[facts.Length], type, isWritten: false, code)
        {
            SpareMethods = ModuleCompiler.MostMethods / 2,
        };
        var token = ModuleCompiler.EmitLoopEntry(type, emission, function - image.ImportedFunctions, loop.At);
        var made = new CompiledModule(image, type.CreateType(), [], emission.Maps);
        TrapStack.Register(made);
        made.Prepare();
        _ = image.Functions[function].LoopCaller; // made here, not by the guest that is in the loop
        loop.Publish(made.Code.Module.ModuleHandle.GetRuntimeMethodHandleFromMetadataToken(token).GetFunctionPointer(), made);
    }
}
