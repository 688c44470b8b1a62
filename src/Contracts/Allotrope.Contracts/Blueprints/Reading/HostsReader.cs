using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>Reads the <c>hosts</c> of a component: where it may send HTTP requests.</summary>
sealed class HostsReader(Problems problems)
{
    /// <summary>Each request is held against all of them.</summary>
    const int Most = 64;

    public IReadOnlyList<string> Read(Section properties)
    {
        var hosts = new List<string>();
        foreach (var item in properties.List("hosts"))
        {
            if (item is not Node.Scalar { Text: var text })
                problems.Error(item.At, item.Kind, $"each item of 'hosts' is text: {HttpHost.Rule}");
            else if (HttpHost.TryParse(text) is not { } host)
                problems.Error(item.At, $"host '{Quote.Short(text)}'", HttpHost.Rule);
            else if (hosts.Contains(host.ToString()))
                problems.Error(item.At, $"host '{Quote.Short(text)}'", "it is in the list already");
            else
                hosts.Add(host.ToString());
        }

        if (hosts.Count > Most)
            problems.Error(properties.PlaceOf("hosts"), $"{hosts.Count} hosts", $"a component has at most {Most}; *.example.org stands for all below a domain");
        return hosts;
    }
}
