using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What an instance has handles to: resources, and what it can wait for.</summary>
/// <param name="store">Pays for the places.</param>
sealed class HandleTable(Store store) : IndexTable<object>(store, ElementsEach, "handles")
{
    /// <summary>Elements of a table that take about as much as a place with what is in it.</summary>
    const uint ElementsEach = 8;

    internal ResourceHandle this[uint index] => Find(index) is ResourceHandle handle ? handle : throw Missing(index, "a resource");

    /// <summary>A handle of another sort.</summary>
    /// <exception cref="ComponentTrap">It is none.</exception>
    internal T Get<T>(uint index, string what)
        where T : class => Find(index) as T ?? throw Missing(index, what);

    /// <summary>Disposes of the host's objects in it.</summary>
    internal void Dispose()
    {
        for (var i = 1u; i < End; i++)
        {
            if (Find(i) is not ResourceHandle { IsOwn: true, Target: IDisposable target })
                continue;
            Remove(i);
            target.Dispose();
        }
    }

    ComponentTrap Missing(uint index, string what) => Find(index) is null
        ? ComponentTrap.UnknownHandle(index)
        : new ComponentTrap($"handle index {index} used with the wrong type, expected {what} but found something else");
}
