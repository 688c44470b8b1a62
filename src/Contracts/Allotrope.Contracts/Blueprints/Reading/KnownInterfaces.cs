using System.Collections.Frozen;

namespace Allotrope.Contracts;

/// <summary>
/// The interfaces in common use. Others are allowed, but a name one letter off is most likely a slip, and a link that never matches is hard
/// to find later. Source: the WASI 0.2 and wasmCloud interface packages.
/// </summary>
static class KnownInterfaces
{
    static readonly FrozenDictionary<string, string[]> Packages = new Dictionary<string, string[]>
    {
        ["wasi:http"] = ["incoming-handler", "outgoing-handler"],
        ["wasi:keyvalue"] = ["atomics", "batch", "store", "watcher"],
        ["wasi:blobstore"] = ["blobstore", "container", "types"],
        ["wasi:logging"] = ["logging"],
        ["wasi:config"] = ["runtime", "store"],
        ["wasmcloud:messaging"] = ["consumer", "handler"],
        ["wasmcloud:secrets"] = ["reveal", "store"],
        ["wasmcloud:postgres"] = ["managed-query", "prepared", "query"],
    }.ToFrozenDictionary();

    static readonly string[] Contracts =
    [
        "wasmcloud:httpserver", "wasmcloud:httpclient", "wasmcloud:keyvalue", "wasmcloud:messaging", "wasmcloud:blobstore",
        "wasmcloud:sqldb", "wasmcloud:builtin:logging", "wasmcloud:builtin:numbergen",
    ];

    public static void CheckContract(string contract, Place at, Problems problems)
    {
        if (!Contracts.Contains(contract) && Spelling.Nearest(contract, Contracts) is { } near)
            problems.Warn(at, $"contract '{Quote.Short(contract)}'", $"did you mean '{near}'?");
    }

    public static void CheckLink(Section link, string ns, string package, Problems problems)
    {
        var id = $"{ns}:{package}";
        if (Packages.TryGetValue(id, out var interfaces))
        {
            foreach (var item in link.Value("interfaces") is Node.Sequence list ? list.Items.OfType<Node.Scalar>() : [])
                if (!interfaces.Contains(item.Text))
                    problems.Warn(item.At, $"interface '{Quote.Short(item.Text)}' of {id}", Spelling.Hint(item.Text, interfaces));
        }
        else if (Spelling.Nearest(id, Packages.Keys) is { } near)
        {
            problems.Warn(link.PlaceOf("package"), $"package '{Quote.Short(id)}'", $"did you mean '{near}'?");
        }
    }
}
