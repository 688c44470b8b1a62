using System.Collections.Concurrent;
using System.Collections.Frozen;
using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi;
using Allotrope.Wasi.Config;
using Allotrope.Wasi.Logging;

namespace Allotrope.Actors;

/// <summary>What a component may import: what reaches nothing, and what its links grant.</summary>
static class ComponentGrants
{
    /// <summary>What a link to a provider can grant, by interface.</summary>
    static readonly FrozenDictionary<string, Action<ComponentLinker<ComponentState>>> Offers =
        new Dictionary<string, Action<ComponentLinker<ComponentState>>>
        {
            ["wasi:blobstore/blobstore"] = LinkedBlobs.AddBlobstore,
            ["wasi:blobstore/container"] = LinkedBlobs.AddContainer,
            ["wasi:blobstore/types"] = LinkedBlobs.AddTypes,
            ["wasi:keyvalue/store"] = LinkedStores.AddStore,
            ["wasi:keyvalue/atomics"] = LinkedStores.AddAtomics,
            ["wasi:keyvalue/batch"] = LinkedStores.AddBatch,
            ["wasi:messaging/producer"] = LinkedTopics.AddProducer,
            ["wasi:messaging/request-reply"] = LinkedTopics.AddRequestReply,
            ["wasmcloud:messaging/consumer"] = LinkedMessages.AddConsumer,
        }.ToFrozenDictionary();

    /// <summary>By the interfaces granted. Filling one takes longer than making an instance, and there are few sets of interfaces.</summary>
    static readonly ConcurrentDictionary<string, ComponentLinker<ComponentState>> Linkers = new();

    /// <summary>What the components of an assignment may import. Others use the same linker, so nothing must be added to it.</summary>
    public static ComponentLinker<ComponentState> For(Assignment assignment) =>
        For(GrantedTo(assignment));

    /// <summary>The same as a linker of its own, for what is only this one's to be added.</summary>
    public static ComponentLinker<ComponentState> ForOne(Assignment assignment) => Fill(GrantedTo(assignment));

    /// <param name="interfaces">Those that links grant, such as <c>wasi:keyvalue/store</c>; what no provider offers is passed over.</param>
    public static ComponentLinker<ComponentState> For(IEnumerable<string> interfaces)
    {
        string[] granted = [.. interfaces.Where(Offers.ContainsKey).Distinct().Order(StringComparer.Ordinal)];
        return Linkers.GetOrAdd(string.Join(' ', granted), static (_, granted) => Fill(granted), granted);
    }

    /// <summary>The image of the provider that a link is to be made to for an interface; <see langword="null"/> when none has it.</summary>
    public static string? ProviderOf(string path) =>
        Contracts.Builtins.Offers.Where(offer => offer.Value.Contains(path)).Select(offer => $"builtin:{offer.Key}").FirstOrDefault();

    static IEnumerable<string> GrantedTo(Assignment assignment) =>
        assignment.Links.Where(link => link.Kind == ComponentKind.Capability).SelectMany(link => link.QualifiedInterfaces);

    /// <summary>A linker of its own, for what is only one revision's to be added.</summary>
    public static ComponentLinker<ComponentState> Fill(IEnumerable<string> interfaces)
    {
        var linker = new ComponentLinker<ComponentState>();
        ComponentBasics.AddTo(linker);
        WasiLinker.AddHttp(linker, state => state.Http, state => state.Requests);
        OlderInterfaces.AddTo(linker, state => state.Config);
        LinkedTopics.AddTypes(linker);
        LoggingInterface.AddTo(linker, state => state.Logging, "wasi:logging/logging"); // as it is imported by those made before it had a version
        foreach (var each in interfaces)
            if (Offers.TryGetValue(each, out var offer))
                offer(linker);
        return linker;
    }
}
