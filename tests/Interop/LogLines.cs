using Microsoft.Extensions.Logging;

namespace Allotrope.Interop;

/// <summary>Keeps what is logged, so that a test can await a line.</summary>
sealed class LogLines : ILoggerFactory, ILogger
{
    readonly Lock _gate = new();
    readonly List<(LogLevel Level, string Text)> _lines = [];
    TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<string> FindAsync(LogLevel level, string part)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_lines.Find(line => line.Level >= level && line.Text.Contains(part, StringComparison.Ordinal)) is { Text: not null } found)
                    return found.Text;
                more = _more.Task;
            }
            await more;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Add((logLevel, formatter(state, exception)));
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
