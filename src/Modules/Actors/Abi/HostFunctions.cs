using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>
/// The functions that a guest imports, the same for every actor of the node: module <c>wasmbus</c>, and <c>wapc</c> for those built before 2021.
/// Each finds the guest that calls by the thread it runs on.
/// </summary>
static class HostFunctions
{
    static readonly string[] Modules = ["wasmbus", "wapc"];

    static readonly Dictionary<string, Function> Functions = new()
    {
        ["__guest_request"] = Function.FromDelegate((Instance caller, int operation, int payload) => GuestOf(caller).WriteRequest(operation, payload)),
        ["__guest_response"] = Function.FromDelegate((Instance caller, int start, int length) => GuestOf(caller).TakeResponse(start, length)),
        ["__guest_error"] = Function.FromDelegate((Instance caller, int start, int length) => GuestOf(caller).TakeError(start, length)),
        ["__host_call"] = Function.FromDelegate(CallHost),
        ["__host_response_len"] = Function.FromDelegate(() => Guest.HostResponseLength),
        ["__host_response"] = Function.FromDelegate((Instance caller, int start) => GuestOf(caller).WriteHostResponse(start)),
        ["__host_error_len"] = Function.FromDelegate(() => Guest.HostErrorLength),
        ["__host_error"] = Function.FromDelegate((Instance caller, int start) => GuestOf(caller).WriteHostError(start)),
        ["__console_log"] = Function.FromDelegate((Instance caller, int start, int length) => GuestOf(caller).Log(start, length)),
    };

    /// <summary>Filled once; used by every instance of every actor.</summary>
    public static Linker Linker { get; } = Link();

    static GuestInstance Guest => GuestRun.Current!.Guest!;

    static GuestInstance GuestOf(Instance caller)
    {
        var guest = Guest;
        guest.UseMemoryOf(caller);
        return guest;
    }

    /// <summary>Whether an actor that imports this finds it here.</summary>
    public static bool Offer(Import import) =>
        Modules.Contains(import.Module) && Functions.TryGetValue(import.Name, out var function) && import.Type is ExternType.Func wanted
        && wanted.Type == function.Type;

    static Linker Link()
    {
        var linker = new Linker();
        foreach (var module in Modules)
            foreach (var (name, function) in Functions)
                linker.Define(module, name, function);
        return linker;
    }

    static int CallHost(
        Instance caller, int link, int linkLength, int contract, int contractLength, int operation, int operationLength, int payload, int length)
    {
        var guest = GuestOf(caller);
        return guest.CallHost(
            guest.Bytes(link, linkLength), guest.Bytes(contract, contractLength), guest.Bytes(operation, operationLength), guest.Bytes(payload, length));
    }
}
