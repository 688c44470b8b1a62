using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Ledger;

/// <summary>
/// The part of a node that admits blueprints: judges each signed wish and appends what it admits to the record's hash-chained stream
/// <see cref="Streams.Contracts"/>. Nothing runs that does not stand there.
/// </summary>
public sealed class LedgerModule : IAsyncDisposable
{
    /// <summary>How often an append is tried again when another writer was first; each of them makes progress for somebody.</summary>
    const int Tries = 16;

    readonly IRecord _record;
    readonly KeyPair _node;
    readonly Admission _admission;
    readonly List<IAsyncDisposable> _services = [];
    readonly SemaphoreSlim _turn = new(1);
    volatile LedgerState _state = LedgerState.Empty;

    LedgerModule(IRecord record, KeyPair node, Admission admission) => (_record, _node, _admission) = (record, node, admission);

    /// <summary>Reads the ledger, checking its chain, then serves <c>blueprint.put</c>, <c>blueprint.delete</c> and <c>blueprint.get</c>.</summary>
    /// <param name="node">Seals the entries; stays the caller's.</param>
    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> when the chain is broken.</exception>
    public static async Task<LedgerModule> StartAsync(
        ILattice lattice, IRecord record, Tenants tenants, KeyPair node, TimeProvider time, CancellationToken cancellation = default)
    {
        var module = new LedgerModule(record, node, new Admission(tenants, time));
        await module.CatchUpAsync(cancellation);
        module._services.Add(await lattice.ServeAsync(Subjects.BlueprintPut, module.PutAsync, cancellation: cancellation));
        module._services.Add(await lattice.ServeAsync(Subjects.BlueprintDelete, module.DeleteAsync, cancellation: cancellation));
        module._services.Add(await lattice.ServeAsync(Subjects.BlueprintGet, module.GetAsync, cancellation: cancellation));
        return module;
    }

    /// <summary>Stops serving; requests under way are finished first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        _turn.Dispose();
    }

    async ValueTask<Message> PutAsync(Message request, CancellationToken cancellation)
    {
        var signed = request.Payload.As(ContractsJson.Default.SignedBlueprint);
        return Reply(await AdmitAsync(state => _admission.Judge(signed, state), UnchangedBy(signed), cancellation));
    }

    async ValueTask<Message> DeleteAsync(Message request, CancellationToken cancellation)
    {
        var signed = request.Payload.As(ContractsJson.Default.SignedRemoval);
        return Reply(await AdmitAsync(
            state => _admission.Judge(signed, state), _ => throw new InvalidOperationException("a removal always changes"), cancellation));
    }

    async ValueTask<Message> GetAsync(Message request, CancellationToken cancellation)
    {
        var name = request.Payload.As(ContractsJson.Default.NameRequest).Name ?? "";
        await CatchUpAsync(cancellation);
        if (_state[name] is not { Current: { } entry } || entry.Name != name)
            throw new FaultException(new Fault.NotFound(
                $"There is no blueprint '{(name.Length <= 63 ? name : name[..63])}'; `allot list` shows which there are."));
        var signed = new SignedBlueprint(entry.Canonical, entry.SignedAt, entry.Signer, entry.Signature);
        var admitted = new AdmittedBlueprint(entry.Name, entry.Version, entry.Number, entry.Tenant, signed);
        return new("", Payload.Of(admitted, ContractsJson.Default.AdmittedBlueprint));
    }

    /// <summary>Judges against the newest state and appends; when another writer was first, judges again.</summary>
    async Task<ContractReceipt> AdmitAsync(
        Func<LedgerState, LedgerEntry?> judge, Func<LedgerState, ContractReceipt> unchanged, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var state = _state;
                if (judge(state) is not { } wished)
                    return unchanged(state);
                var entry = EntrySeal.Seal(wished with { Number = state.Head + 1, Previous = state.Hash }, _node);
                try
                {
                    await _record.AppendAsync(Streams.Contracts, state.Head, [EntryCodec.Write(entry)], cancellation);
                    _state = state.With(entry);
                    return new(entry.Name, Named(entry), entry.Number, entry.Hash, ChangeOf(entry, state));
                }
                catch (FaultException error) when (error.Fault is Fault.Conflict && attempt < Tries)
                {
                    await ReadOnAsync(cancellation);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task CatchUpAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await ReadOnAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task ReadOnAsync(CancellationToken cancellation)
    {
        var state = _state;
        await foreach (var recorded in _record.ReadAsync(Streams.Contracts, state.Head, cancellation))
            state = state.With(EntryCodec.Read(recorded));
        _state = state;
    }

    static Func<LedgerState, ContractReceipt> UnchangedBy(SignedBlueprint signed) => state =>
    {
        var current = state[BlueprintCanonical.Read(signed.Canonical.Span).Name]!.Current!;
        return new(current.Name, current.Version, current.Number, current.Hash, "unchanged");
    };

    static string ChangeOf(LedgerEntry entry, LedgerState before) => entry.Kind switch
    {
        EntryKind.Remove => "removed",
        _ => before[entry.Name]?.Current is null ? "created" : "updated",
    };

    static string? Named(LedgerEntry entry) => entry.Kind == EntryKind.Put ? entry.Version : null;

    static Message Reply(ContractReceipt receipt) => new("", Payload.Of(receipt, ContractsJson.Default.ContractReceipt));
}
