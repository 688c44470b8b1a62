using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Allotrope.Gateway;

/// <summary>What the gateway counts, under the meter <c>Allotrope.Gateway</c>. Costs nothing while nobody listens.</summary>
public sealed class GatewayMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Allotrope.Gateway";

    readonly Meter _meter = new(Name);
    readonly Counter<long> _requests;
    readonly Histogram<double> _duration;
    readonly UpDownCounter<long> _inFlight;

    public GatewayMetrics()
    {
        _requests = _meter.CreateCounter<long>("allotrope.gateway.requests", "{request}", "Requests answered, by workload and status.");
        _duration = _meter.CreateHistogram<double>("allotrope.gateway.request.duration", "s", "From the request's head to the end of its answer.");
        _inFlight = _meter.CreateUpDownCounter<long>("allotrope.gateway.requests.in_flight", "{request}", "Requests being answered now.");
    }

    internal bool WantsTime => _duration.Enabled;

    internal void Began() => _inFlight.Add(1);

    internal void Ended(string? workload, int status, TimeSpan elapsed)
    {
        _inFlight.Add(-1);
        if (!_requests.Enabled && !_duration.Enabled)
            return;
        var tags = new TagList { { "workload", workload ?? "" }, { "status", status } };
        _requests.Add(1, tags);
        if (elapsed > TimeSpan.Zero)
            _duration.Record(elapsed.TotalSeconds, tags);
    }

    public void Dispose() => _meter.Dispose();
}
