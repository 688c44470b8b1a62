namespace Allotrope.Wasm;

sealed class HostBinding;

static class HostFunction
{
    internal static Function Create(Delegate body) => throw new NotImplementedException();
}
