using Allotrope.DataFolder;
using Allotrope.Kernel;
using Allotrope.Wasm;
using Microsoft.Extensions.Logging;

namespace Allotrope.Tests.DataFolder;

public sealed class CompiledCodeTests : IDisposable
{
    /// <summary>A module without anything in it.</summary>
    static readonly byte[] Empty = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    readonly TemporaryFolder _folder = new();
    readonly List<string> _lines = [];

    public CompiledCodeTests()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Compiled code is kept on Linux only.");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_nodes_next_start_finds_what_it_compiled()
    {
        using var key = KeyPair.Create(KeyRole.Node, new SeededRandom(1));
        Assert.False(Loads(key));
        Assert.True(Loads(key));
        Assert.Empty(_lines);
    }

    [Fact]
    public void Another_nodes_code_is_not_run_and_the_log_says_so()
    {
        using var one = KeyPair.Create(KeyRole.Node, new SeededRandom(1));
        using var other = KeyPair.Create(KeyRole.Node, new SeededRandom(2));
        Loads(one);
        Assert.False(Loads(other));
        Assert.Contains("made again", Assert.Single(_lines));
    }

    bool Loads(KeyPair key)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Lines(_lines)));
        var cache = CompiledCode.Open(new FolderLayout(_folder["data"]).CompiledCode, key, loggers);
        _ = Module.Compile(Empty, new CompileOptions { Cache = cache });
        return cache.Hits == 1;
    }

    sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public void Dispose()
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
