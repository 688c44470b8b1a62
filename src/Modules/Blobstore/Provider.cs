using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Blobstore;

/// <summary>Answers the calls of those linked to one provider workload. Who is not linked is refused; what cannot be done is a fault.</summary>
sealed class Provider : IProvider
{
    /// <summary>How often is looked for what is silent.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    readonly string _workload;
    readonly BlobStore _store;
    readonly ITimer _looking;
    volatile ProviderSettings _settings;
    IAsyncDisposable? _served;

    Provider(BlobstoreHost host, string workload, BlobStore store, ProviderSettings settings)
    {
        (_workload, _store, _settings) = (workload, store, settings);
        _looking = host.Time.CreateTimer(_ => store.EndIdle(), null, LookEvery, LookEvery);
    }

    /// <summary>Opens what is kept and answers from then on.</summary>
    public static async Task<Provider> StartAsync(BlobstoreHost host, Assignment assignment, CancellationToken cancellation)
    {
        var (workload, settings) = (assignment.Workload, ProviderSettings.Read(assignment));
        if (!workload.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FaultException(new Fault.Invalid("workload", $"The workload {workload} cannot have a folder of its name: use letters, digits, - and _."));
        var provider = new Provider(host, workload, await BlobStore.OpenAsync(host, workload, settings, cancellation), settings);
        provider._served = await host.Lattice.ServeAsync(Subjects.Blobs(workload), provider.HandleAsync, queueGroup: workload, cancellation);
        return provider;
    }

    public Task<string> UseAsync(Assignment assignment, CancellationToken cancellation)
    {
        _store.Settings = _settings = ProviderSettings.Read(assignment);
        var links = _settings.Links.Count;
        return Task.FromResult($"Keeps the objects of {links} {(links == 1 ? "link" : "links")}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_served is not null)
            await _served.DisposeAsync();
        await _looking.DisposeAsync();
        await _store.DisposeAsync();
    }

    async ValueTask<Message> HandleAsync(Message request, CancellationToken cancellation)
    {
        var call = request.Payload.As(ContractsJson.Default.BlobCall);
        var failed = true;
        try
        {
            var grant = _settings.Links.GetValueOrDefault((call.Origin, call.LinkName)) ?? throw new FaultException(new Fault.Refused(
                $"{call.Origin} is not linked to {_workload} under the name {call.LinkName}: add the link to the blueprint."));
            var reply = await new LinkedCall(_store, grant, (call.Origin, call.LinkName), cancellation).RunAsync(call.Operation);
            failed = false;
            return new Message("", Payload.Of(reply, ContractsJson.Default.BlobReply));
        }
        finally
        {
            BlobstoreMeter.Count(call.Operation, failed);
        }
    }
}
