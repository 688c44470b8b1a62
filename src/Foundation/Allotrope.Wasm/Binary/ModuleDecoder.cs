namespace Allotrope.Wasm;

static class ModuleDecoder
{
    internal static ModuleImage Decode(byte[] bytes) => throw new NotImplementedException();
}
