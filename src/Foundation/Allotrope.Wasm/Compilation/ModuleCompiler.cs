using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <summary>
/// Compiles a module into one static class of a collectible assembly: such code is optimised at its first call and unloaded when nothing refers
/// to it.
/// </summary>
static class ModuleCompiler
{
    /// <summary>Name of the class, and of the assembly it is alone in.</summary>
    internal const string ClassName = "WebAssembly";

    /// <summary>Methods that the runtime lets a class have, less some for its own.</summary>
    internal const int MostMethods = 65_000;

    /// <summary>Name of the method that asks for room on the stack before a function with a large frame runs.</summary>
    const string AskForRoom = "room";

    const MethodAttributes StaticMethod = MethodAttributes.Public | MethodAttributes.Static | MethodAttributes.HideBySig;

    /// <summary>Code to run in this process only.</summary>
    internal static CompiledModule Compile(ModuleImage image, FunctionFacts[] facts, CompileOptions options)
    {
        var type = CodeAssembly.DefineClass(ClassName);
        var emission = Emit(type, image, facts, options, isWritten: false);
        var compiled = new CompiledModule(image, type.CreateType(), emission.Tokens, emission.Maps);
        TrapStack.Register(compiled);
        return compiled;
    }

    /// <summary>Code to be loaded by any process that agrees with this one on what <see cref="CodeKey"/> asks.</summary>
    internal static CodeImage Write(ModuleImage image, FunctionFacts[] facts, CompileOptions options)
    {
        var assembly = CodeAssembly.DefinePersisted(ClassName);
        var type = CodeAssembly.DefineClass(CodeAssembly.DefineModule(assembly, ClassName), ClassName);
        var emission = Emit(type, image, facts, options, isWritten: true);
        type.CreateType();
        return CodeImage.Of(assembly, emission);
    }

    static ModuleEmission Emit(TypeBuilder type, ModuleImage image, FunctionFacts[] facts, CompileOptions options, bool isWritten)
    {
        var methods = new MethodBuilder[facts.Length];
        var emission = new ModuleEmission(image, facts, options, methods, type, isWritten) { Suspending = SuspendingCalls.Of(image, options) };
        var large = Enumerable.Range(0, methods.Length).Count(emission.HasLargeFrame);
        if (methods.Length + large > MostMethods)
            throw new InvalidModuleException($"{methods.Length} functions, {large} of them large, are more than this engine takes", image.Bodies[0].Start);
        emission.SpareMethods = MostMethods - methods.Length - large;
        for (var i = 0; i < methods.Length; i++)
        {
            var name = emission.HasLargeFrame(i) ? AskForRoom : CompiledModule.MethodName(image, image.ImportedFunctions + i);
            methods[i] = Define(type, emission, name, emission.TypeOf(i));
        }

        for (var i = 0; i < methods.Length; i++)
        {
            if (options.IsWanted?.Invoke() == false)
                throw new OperationCanceledException("nobody has a use for the module's code any more");
            EmitFunction(type, emission, i);
        }

        return emission;
    }

    /// <summary>A method that goes on with a function in a call where it was suspended.</summary>
    internal static int EmitResumption(TypeBuilder type, ModuleEmission emission, int position)
    {
        var index = emission.Image.ImportedFunctions + position;
        Type[] parameters = [typeof(Suspension), typeof(Instance)];
        var method = Define(type, emission, CompiledModule.MethodName(emission.Image, index), typeof(void), parameters);
        var frame = new FunctionCompiler(emission, index, method.GetILGenerator(), isResumption: true).Compile();
        if (!emission.HasLargeFrame(position))
            return method.MetadataToken;
        var entry = Define(type, emission, AskForRoom, typeof(void), parameters);
        EmitLargeFrameEntry(entry.GetILGenerator(), 1, method, frame);
        return entry.MetadataToken;
    }

    /// <summary>A method that goes on with a function at one of its loops.</summary>
    internal static int EmitLoopEntry(TypeBuilder type, ModuleEmission emission, int position, int loop)
    {
        var index = emission.Image.ImportedFunctions + position;
        var (parameters, result) = (FunctionCompiler.LoopEntryParameters, emission.TypeOf(position).ClrResult);
        var method = Define(type, emission, CompiledModule.MethodName(emission.Image, index), result, parameters);
        var frame = new FunctionCompiler(emission, index, method.GetILGenerator(), entryLoop: loop).Compile();
        if (!emission.HasLargeFrame(position))
            return method.MetadataToken;
        var entry = Define(type, emission, AskForRoom, result, parameters);
        EmitLargeFrameEntry(entry.GetILGenerator(), parameters.Length - 1, method, frame);
        return entry.MetadataToken;
    }

    static MethodBuilder Define(TypeBuilder type, ModuleEmission emission, string name, FunctionType signature) =>
        Define(type, emission, name, signature.ClrResult, [.. signature.Parameters.Select(kind => kind.ClrType), typeof(Instance)]);

    internal static MethodBuilder Define(TypeBuilder type, ModuleEmission emission, string name, Type result, Type[] parameters)
    {
        var method = type.DefineMethod(name, StaticMethod, result, parameters);
        method.InitLocals = false;
        // A frame for every call: traps name all functions, and the depth of the stack is the guest's own doing.
        method.SetImplementationFlags(MethodImplAttributes.NoInlining);
        emission.Defined.Add(method);
        return method;
    }

    static void EmitFunction(TypeBuilder type, ModuleEmission emission, int position)
    {
        var index = emission.Image.ImportedFunctions + position;
        var method = (MethodBuilder)emission.MethodOf(index);
        if (emission.HasLargeFrame(position))
        {
            var body = Define(type, emission, CompiledModule.MethodName(emission.Image, index), emission.TypeOf(position));
            var frame = new FunctionCompiler(emission, index, body.GetILGenerator()).Compile();
            EmitLargeFrameEntry(method.GetILGenerator(), emission.TypeOf(position).Parameters.Length, body, frame);
            return;
        }

        new FunctionCompiler(emission, index, method.GetILGenerator()).Compile();
    }

    /// <summary>
    /// A method's frame is made before its first instruction runs, too late to ask whether there is room. So a small method asks and then calls
    /// the real one.
    /// </summary>
    static void EmitLargeFrameEntry(ILGenerator il, int instance, MethodBuilder body, int frame)
    {
        var (refused, entered) = (il.DefineLabel(), il.DefineLabel());
        EntryCheck.Emit(il, () => il.LoadArgument(instance), il.DeclareLocal(typeof(long)), frame, refused);
        il.MarkLabel(entered);
        for (var i = 0; i <= instance; i++)
            il.LoadArgument(i);
        // Otherwise tail calls among functions with large frames would leave one of this method behind each.
        il.Emit(OpCodes.Tailcall);
        il.Emit(OpCodes.Call, body);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(refused);
        EntryCheck.EmitRefusal(il, () => il.LoadArgument(instance), frame, entered);
    }
}
