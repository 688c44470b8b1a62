using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>Reads where a component may reach: the <c>hosts</c> of HTTP requests, and the peers that it may <c>connect</c> to by TCP.</summary>
sealed class ReachReader(Problems problems)
{
    /// <summary>Each request and connection is held against all of them.</summary>
    const int Most = 64;

    public IReadOnlyList<string> Hosts(Section properties) => Read(properties, "hosts", "host", HttpHost.Rule, "*.example.org", text => HttpHost.TryParse(text)?.ToString());

    public IReadOnlyList<string> Peers(Section properties) => Read(properties, "connect", "peer", TcpPeer.Rule, "*.example.org:5432", text => TcpPeer.TryParse(text)?.ToString());

    /// <param name="key">Whose list it is.</param>
    /// <param name="noun">What one of them is.</param>
    /// <param name="rule">How it is written.</param>
    /// <param name="wide">One that stands for many.</param>
    /// <param name="spell">The one spelling of those that mean the same; null for what is none.</param>
    List<string> Read(Section properties, string key, string noun, string rule, string wide, Func<string, string?> spell)
    {
        var reach = new List<string>();
        foreach (var item in properties.List(key))
        {
            if (item is not Node.Scalar { Text: var text })
                problems.Error(item.At, item.Kind, $"each item of '{key}' is text: {rule}");
            else if (spell(text) is not { } spelt)
                problems.Error(item.At, $"{noun} '{Quote.Short(text)}'", rule);
            else if (reach.Contains(spelt))
                problems.Error(item.At, $"{noun} '{Quote.Short(text)}'", "it is in the list already");
            else
                reach.Add(spelt);
        }

        if (reach.Count > Most)
            problems.Error(properties.PlaceOf(key), $"{reach.Count} {noun}s", $"a component has at most {Most}; {wide} stands for all below a domain");
        return reach;
    }
}
