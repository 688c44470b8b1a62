using System.Reflection;
using System.Runtime.Loader;

namespace Allotrope.Wasm;

/// <summary>Written code of one module, loaded so that it is unloaded when nothing refers to it any more.</summary>
sealed class LoadedCode() : AssemblyLoadContext("WebAssembly", isCollectible: true)
{
    static readonly Assembly Engine = typeof(LoadedCode).Assembly;

    /// <exception cref="BadImageFormatException">The bytes are no assembly: they were not written by this engine.</exception>
    internal static CompiledModule Load(CodeImage code, ModuleImage module)
    {
        var assembly = new LoadedCode().LoadFromStream(new MemoryStream(code.FillIn(module), writable: false));
        var compiled = new CompiledModule(module, assembly.GetType(ModuleCompiler.ClassName, throwOnError: true)!, code.Tokens, code.Maps);
        TrapStack.Register(compiled);
        return compiled;
    }

    /// <summary>Code refers to this engine and to the base library alone; whoever loaded the engine, it is this one.</summary>
    protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == Engine.GetName().Name ? Engine : null;
}
