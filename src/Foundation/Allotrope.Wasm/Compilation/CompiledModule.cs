using System.Reflection;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>A module's code: one static class with a method for every function.</summary>
/// <param name="image">What was compiled.</param>
/// <param name="code">The class.</param>
/// <param name="tokens">Metadata tokens of the methods that guests are called through, by function index less the imports.</param>
sealed class CompiledModule(ModuleImage image, Type code, int[] tokens)
{
    const string FunctionPrefix = "f";

    internal Type Code { get; } = code;

    /// <summary>The method name of a function; what a stack trace knows it by.</summary>
    internal static string MethodName(int functionIndex) => $"{FunctionPrefix}{functionIndex}";

    /// <summary>Entry point of a function that is not imported. It is compiled to machine code when first called.</summary>
    internal nint AddressOf(int functionIndex) =>
        Code.Module.ModuleHandle.GetRuntimeMethodHandleFromMetadataToken(tokens[functionIndex - image.ImportedFunctions]).GetFunctionPointer();

    /// <summary>Makes machine code of every function that has none yet.</summary>
    internal void Prepare()
    {
        foreach (var method in Code.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    /// <summary>Describes the function a method was made for; null for other methods.</summary>
    internal WasmFrame? FrameOf(string methodName)
    {
        if (!methodName.StartsWith(FunctionPrefix, StringComparison.Ordinal)
            || !int.TryParse(methodName.AsSpan(FunctionPrefix.Length), out var index))
            return null;
        return image.FrameOf(index);
    }
}
