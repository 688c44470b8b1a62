using Microsoft.AspNetCore.Http.Features;

namespace Allotrope.Gateway;

/// <summary>One request and its answer. Belongs to a connection, which has one at a time over HTTP/1.1, and is used again for the next.</summary>
sealed class Exchange
{
    public IFeatureCollection Features { get; private set; } = null!;

    public IHttpRequestFeature Request { get; private set; } = null!;

    public IHttpResponseFeature Response { get; private set; } = null!;

    public ExchangeBuffer Buffer { get; } = new();

    /// <summary>Timestamp of the gateway's clock, 0 when nobody measures.</summary>
    public long Began { get; private set; }

    /// <summary>Where the request went; <see langword="null"/> for nowhere.</summary>
    public Route? Route { get; set; }

    /// <summary>Bytes of this request's body that count against the <see cref="BodyBudget"/>.</summary>
    public long Held { get; set; }

    /// <summary>The connection ended before the answer was sent.</summary>
    public bool ClientLeft { get; set; }

    public Exchange Begin(IFeatureCollection features, long began)
    {
        Features = features;
        Request = features.GetRequiredFeature<IHttpRequestFeature>();
        Response = features.GetRequiredFeature<IHttpResponseFeature>();
        Began = began;
        Route = null;
        Held = 0;
        ClientLeft = false;
        return this;
    }
}
