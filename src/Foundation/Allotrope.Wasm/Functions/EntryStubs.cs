namespace Allotrope.Wasm;

static class EntryStubs
{
    internal static TDelegate Create<TDelegate>(Function function) => throw new NotImplementedException();
}
