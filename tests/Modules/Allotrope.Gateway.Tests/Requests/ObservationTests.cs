using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using static Allotrope.Gateway.Tests.GatewayWorld;

namespace Allotrope.Gateway.Tests.Requests;

public class ObservationTests
{
    [Fact]
    public async Task Requests_are_counted_and_timed_by_workload_and_status()
    {
        var seen = new ConcurrentQueue<(string Instrument, double Value, object? Status)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == GatewayMetrics.Name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        await using (var world = await StartAsync())
        {
            await world.ServeAsync("counted-actor", _ => ActorAnswer.Text("no", 418));
            using var answer = await world.Client.GetAsync((await world.AssignAsync("counted-http", Link("counted-actor"))).Urls[0]);
        }

        Assert.Contains(("allotrope.gateway.requests", 1, 418), seen);
        Assert.Contains(seen, measured => measured is { Instrument: "allotrope.gateway.request.duration", Value: > 0, Status: 418 });

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests run gateways of their own under the same meter
            if (tags is [{ Key: "workload", Value: "counted-actor" }, { Key: "status", Value: var status }])
                seen.Enqueue((instrument.Name, value, status));
        }
    }

    [Fact]
    public async Task The_access_log_tells_method_target_status_and_workload()
    {
        using var log = new CapturingLog();
        await using (var world = await StartAsync(new GatewayOptions(), log))
        {
            await world.ServeAsync("app-actor", _ => ActorAnswer.Text("no", 418));
            using var answer = await world.Client.GetAsync(new Uri(new Uri((await world.AssignAsync("app-http", Link("app-actor"))).Urls[0]), "/a%0Ab?c=d"));
        }

        Assert.Contains(log.Lines, line => line.StartsWith("GET /a%0Ab?c=d -> 418 by app-actor in ", StringComparison.Ordinal));
    }

    sealed class CapturingLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
