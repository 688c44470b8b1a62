using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>Serves <see cref="Subjects.ArtifactHas"/> and <see cref="Subjects.ArtifactPut"/> from an <see cref="ArtifactStore"/>.</summary>
sealed class ArtifactService : IAsyncDisposable
{
    readonly ArtifactStore _store;
    readonly Func<string, Task> _arrived;
    readonly List<IAsyncDisposable> _served = [];

    ArtifactService(ArtifactStore store, Func<string, Task> arrived) => (_store, _arrived) = (store, arrived);

    /// <param name="arrived">Called with the digest of each artifact that is put, before that is acknowledged.</param>
    public static async ValueTask<ArtifactService> StartAsync(
        ILattice lattice, ArtifactStore store, Func<string, Task> arrived, CancellationToken cancellation)
    {
        var service = new ArtifactService(store, arrived);
        service._served.Add(await lattice.ServeAsync(Subjects.ArtifactHas, service.HasAsync, cancellation: cancellation));
        service._served.Add(await lattice.ServeAsync(Subjects.ArtifactPut, service.PutAsync, cancellation: cancellation));
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
    }

    async ValueTask<Message> HasAsync(Message request, CancellationToken cancellation)
    {
        var digest = request.Payload.As(ContractsJson.Default.ArtifactQuery).Digest;
        return Answer(digest, await _store.HasAsync(digest, cancellation));
    }

    async ValueTask<Message> PutAsync(Message request, CancellationToken cancellation)
    {
        var digest = await _store.PutAsync(request.Payload.ToBytes(), cancellation);
        await _arrived(digest);
        return Answer(digest, present: true);
    }

    static Message Answer(string digest, bool present) =>
        new("", Payload.Of(new ArtifactPresence(digest, present), ContractsJson.Default.ArtifactPresence));
}
