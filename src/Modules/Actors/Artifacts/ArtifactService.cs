using Allotrope.Contracts;
using Allotrope.Lattice;

namespace Allotrope.Actors;

/// <summary>Serves <see cref="Subjects.ArtifactHas"/> and <see cref="Subjects.ArtifactPut"/> from an <see cref="ArtifactStore"/>.</summary>
sealed class ArtifactService : IAsyncDisposable
{
    readonly ArtifactStore _store;
    readonly List<IAsyncDisposable> _served = [];

    ArtifactService(ArtifactStore store) => _store = store;

    public static async ValueTask<ArtifactService> StartAsync(ILattice lattice, ArtifactStore store, CancellationToken cancellation)
    {
        var service = new ArtifactService(store);
        service._served.Add(await lattice.ServeAsync(Subjects.ArtifactHas, service.HasAsync, cancellation: cancellation));
        service._served.Add(await lattice.ServeAsync(Subjects.ArtifactPut, service.PutAsync, cancellation: cancellation));
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var served in _served)
            await served.DisposeAsync();
    }

    ValueTask<Message> HasAsync(Message request, CancellationToken cancellation)
    {
        var digest = request.Payload.As(ContractsJson.Default.ArtifactQuery).Digest;
        return ValueTask.FromResult(Answer(digest, _store.Has(digest)));
    }

    async ValueTask<Message> PutAsync(Message request, CancellationToken cancellation) =>
        Answer(await _store.PutAsync(request.Payload.ToBytes(), cancellation), present: true);

    static Message Answer(string digest, bool present) =>
        new("", Payload.Of(new ArtifactPresence(digest, present), ContractsJson.Default.ArtifactPresence));
}
