namespace Allotrope.Wasm;

sealed class Instantiation(Store store, Module module, Linker linker)
{
    internal Instance Run() => throw new NotImplementedException($"{store.Fuel} {module.Name} {linker.GetHashCode()}");
}
