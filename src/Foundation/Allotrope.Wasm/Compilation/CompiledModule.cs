using System.Reflection;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>A module's code: one static class with a method for every function.</summary>
/// <param name="image">What was compiled.</param>
/// <param name="code">The class.</param>
/// <param name="tokens">Metadata tokens of the methods that guests are called through, by function index less the imports.</param>
/// <param name="maps">Where instructions are in the methods' IL, in the same order; none when that was not noted.</param>
sealed class CompiledModule(ModuleImage image, Type code, int[] tokens, byte[][] maps)
{
    const string FunctionPrefix = "f";

    Resumptions? _resumptions;

    /// <summary>What methods for parts of functions are called by, with the function's index.</summary>
    internal const string PartPrefix = "part";

    internal Type Code { get; } = code;

    /// <summary>The method name of a function; what a stack trace knows it by.</summary>
    internal static string MethodName(ModuleImage image, int functionIndex) => $"{FunctionPrefix}{functionIndex}{PerfMap.Suffix(image, functionIndex)}";

    /// <summary>Entry point of a function that is not imported. It is compiled to machine code when first called.</summary>
    internal nint AddressOf(int functionIndex) => HandleOf(functionIndex).GetFunctionPointer();

    /// <summary>The method of a function that is not imported.</summary>
    internal MethodInfo MethodOf(int functionIndex) => (MethodInfo)Code.Module.ResolveMethod(tokens[functionIndex - image.ImportedFunctions])!;

    /// <summary>What goes on with functions that were suspended.</summary>
    internal Resumptions Resumptions => _resumptions ?? throw new InvalidOperationException("the code cannot be suspended");

    /// <summary>Says how it was compiled, so that more can be. Modules that share it were compiled alike.</summary>
    internal CompiledModule With(CompileOptions options)
    {
        Interlocked.CompareExchange(ref _resumptions, new Resumptions(image, this, options), null);
        return this;
    }

    /// <summary>Whether it can be the code of another module too, of which only the data differs: the numbers of types are in the code.</summary>
    internal bool Fits(ModuleImage other) => image.Types.Select(type => type.Id).SequenceEqual(other.Types.Select(type => type.Id));

    /// <summary>Makes machine code of every function that has none yet.</summary>
    internal void Prepare()
    {
        foreach (var method in Code.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    /// <summary>Makes machine code of one function, if it has none yet.</summary>
    internal void Prepare(int functionIndex)
    {
        RuntimeHelpers.PrepareMethod(HandleOf(functionIndex));
        foreach (var method in Further[functionIndex])
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    /// <summary>By function, the methods that are called by its first: parts of it, or what has its large frame.</summary>
    ILookup<int, MethodInfo> Further => field ??= Code.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => method.MetadataToken >= ModuleEmission.FirstMethod + tokens.Length)
        .ToLookup(method => IndexOf(method.Name));

    static int IndexOf(string methodName)
    {
        var name = PerfMap.WithoutSuffix(methodName);
        var prefix = name.StartsWith(PartPrefix, StringComparison.Ordinal) ? PartPrefix : FunctionPrefix;
        return int.TryParse(name.AsSpan(prefix.Length), out var index) ? index : -1;
    }

    RuntimeMethodHandle HandleOf(int functionIndex) =>
        Code.Module.ModuleHandle.GetRuntimeMethodHandleFromMetadataToken(tokens[functionIndex - image.ImportedFunctions]);

    /// <summary>Describes the function a method was made for; null for other methods.</summary>
    /// <param name="methodName">The method's name.</param>
    /// <param name="il">Where in its IL the frame is.</param>
    /// <param name="at">The instruction, where it is known better than that.</param>
    internal WasmFrame? FrameOf(string methodName, int il, int? at)
    {
        if (!methodName.StartsWith(FunctionPrefix, StringComparison.Ordinal)
            || !int.TryParse(PerfMap.WithoutSuffix(methodName).AsSpan(FunctionPrefix.Length), out var index))
            return null;
        return image.FrameOf(index, maps.Length == 0 ? null : at ?? CodeMap.Find(maps[index - image.ImportedFunctions], il));
    }
}
