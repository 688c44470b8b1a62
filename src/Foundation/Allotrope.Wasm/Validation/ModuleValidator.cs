namespace Allotrope.Wasm;

sealed record FunctionFacts;

static class ModuleValidator
{
    internal static FunctionFacts[] Validate(ModuleImage image) => throw new NotImplementedException();
}
