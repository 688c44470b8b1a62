namespace Allotrope.Wasm;

static class ModuleCompiler
{
    internal static CompiledModule Compile(ModuleImage image, FunctionFacts[] facts, CompileOptions options) => throw new NotImplementedException();
}
