using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Wasi.Blobstore;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary><c>wasi:blobstore</c> of one instance: what its links to providers lead to, asked over the bus.</summary>
/// <param name="failed">Told what is not the guest's to mend: a disk that is full, a file that is lost.</param>
/// <param name="stop">Ends what the guest waits for.</param>
sealed class LinkedBlobs(ILattice lattice, Assignment assignment, Action<Fault> failed, CancellationToken stop) : IBlobstore, ITypes
{
    const string Face = "blobstore";

    /// <summary>Objects that one instance reads or writes at once: each has a piece in memory.</summary>
    const int MostOpen = 64;

    /// <summary>Bytes of an object that is given at once, to a guest that wants it so.</summary>
    const int MostAtOnce = 16 * 1024 * 1024;

    int _open;

    IReadOnlyList<BlobLink> Links => field ??=
    [
        .. assignment.Links.Where(link => link.Kind == ComponentKind.Capability && link.Contract == BlobLink.Package).GroupBy(link => link.Name)
            .Select(links => new BlobLink(lattice, assignment.Workload, [.. links], failed, stop)),
    ];

    /// <summary>Where an object goes of which it is not known yet what container it is for.</summary>
    public BlobLink? OnlyLink => Links is [var only] ? only : null;

    public CancellationToken Stop => stop;

    public static void AddBlobstore(ComponentLinker<ComponentState> linker) => BlobstoreInterface.AddTo(linker, state => state.Blobs);

    public static void AddContainer(ComponentLinker<ComponentState> linker) => ContainerInterface.AddTo(linker);

    public static void AddTypes(ComponentLinker<ComponentState> linker) => TypesInterface.AddTo(linker, state => state.Blobs);

    /// <summary>Counts one more object that is being read or written, until <see cref="End"/>.</summary>
    public bool TryBegin()
    {
        if (_open == MostOpen)
            return false;
        _open++;
        return true;
    }

    public void End() => _open--;

    public static string TooMany => $"At most {MostOpen} objects are read or written at once: drop some first.";

    public ValueTask<Result<IContainer, string>> CreateContainer(string name) =>
        WithAsync(name, async link => (await link.AskAsync(Face, new BlobOperation.CreateContainer(name))).Select(_ => (IContainer)new LinkedContainer(this, link, name)));

    public ValueTask<Result<IContainer, string>> GetContainer(string name) => WithAsync(name, async link =>
    {
        var found = await link.AskAsync(Face, new BlobOperation.FindContainer(name));
        return found.IsOk && found.Value.CreatedAt is null ? $"There is no container {name}." : found.Select(_ => (IContainer)new LinkedContainer(this, link, name));
    });

    public ValueTask<Result<Unit, string>> DeleteContainer(string name) =>
        WithAsync(name, async link => (await link.AskAsync(Face, new BlobOperation.DeleteContainer(name))).Select(_ => default(Unit)));

    public ValueTask<Result<bool, string>> ContainerExists(string name) =>
        WithAsync(name, async link => (await link.AskAsync(Face, new BlobOperation.FindContainer(name))).Select(reply => reply.CreatedAt is not null));

    public ValueTask<Result<Unit, string>> CopyObject(ObjectId src, ObjectId dest) =>
        BetweenAsync(src, dest, new BlobOperation.Copy(src.Container, src.Object, dest.Container, dest.Object));

    public ValueTask<Result<Unit, string>> MoveObject(ObjectId src, ObjectId dest) =>
        BetweenAsync(src, dest, new BlobOperation.Move(src.Container, src.Object, dest.Container, dest.Object));

    public IOutgoingValue OutgoingValueNewOutgoingValue() =>
        TryBegin() ? new OutgoingBlob(this) : throw new ComponentTrap(TooMany); // the interface has no error for it

    public async ValueTask<Result<Unit, string>> OutgoingValueFinish(IOutgoingValue @this)
    {
        using var value = (OutgoingBlob)@this;
        return await value.FinishAsync();
    }

    public async ValueTask<Result<ReadOnlyMemory<byte>, string>> IncomingValueIncomingValueConsumeSync(IIncomingValue @this)
    {
        using var value = (IncomingBlob)@this;
        return value.Size() <= MostAtOnce
            ? await value.ReadAllAsync()
            : $"The object has {value.Size()} bytes, and at most {MostAtOnce} are given at once: use incoming-value-consume-async.";
    }

    public Result<IInputStream, string> IncomingValueIncomingValueConsumeAsync(IIncomingValue @this) =>
        Result<IInputStream, string>.Ok(((IncomingBlob)@this).Read());

    async ValueTask<Result<Unit, string>> BetweenAsync(ObjectId src, ObjectId dest, BlobOperation operation) => await WithAsync(src.Container, async link =>
    {
        var other = Find(dest.Container);
        if (!other.IsOk)
            return other.Error;
        return other.Value == link
            ? (await link.AskAsync(Face, operation)).Select(_ => default(Unit))
            : $"{src.Container} and {dest.Container} are behind different links: read the object from one and write it to the other.";
    });

    async ValueTask<Result<T, string>> WithAsync<T>(string container, Func<BlobLink, ValueTask<Result<T, string>>> ask)
    {
        var link = Find(container);
        return link.IsOk ? await ask(link.Value) : link.Error;
    }

    /// <summary>The link that says that it is for the container, or else the one for all.</summary>
    Result<BlobLink, string> Find(string container)
    {
        if (Links.FirstOrDefault(link => link.IsFor(container)) is { } own)
            return own;
        var others = Links.Where(link => !link.IsForSome).ToList();
        return others switch
        {
            [] => $"No link of {assignment.Workload} is for the container {container}.",
            [var only] => only,
            _ when others.Find(link => link.Name == Contracts.Component.DefaultLinkName) is { } standard => standard,
            _ => $"Several links of {assignment.Workload} could be for the container {container}: name it in the setting containers of one of them.",
        };
    }
}
