using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Allotrope.Arteries.Tests;

/// <summary>Keeps what is logged.</summary>
sealed class LogLines : ILogger, ILoggerFactory
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    public bool Has(string part) => Lines.Any(line => line.Text.Contains(part, StringComparison.Ordinal));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception)));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
