using System.Diagnostics;

namespace Allotrope.Record.Tests;

/// <summary>
/// A process that appends to a record as fast as it can and says on its output what was acknowledged, to be killed at any moment. It is this very
/// program, told by its environment to write instead of to test.
/// </summary>
sealed class CrashWriter : IAsyncDisposable
{
    /// <summary>Events of one append, all of which or none must be found.</summary>
    public const int Batch = 3;

    public static readonly string[] Streams = ["one", "two", "three", "four"];

    const string PathVariable = "ALLOTROPE_CRASH_WRITER";

    readonly Process _process;

    CrashWriter(Process process) => _process = process;

    /// <summary>The newest revision acknowledged of each stream.</summary>
    public Dictionary<string, long> Acknowledged { get; } = [];

    public static string TextOf(string stream, long revision) => $"{stream} {revision} {new string('x', (int)(revision * 37 % 900))}";

    public static Task<CrashWriter> StartAsync(string path)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Allotrope.Record.Tests")) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[PathVariable] = path;
        return Task.FromResult(new CrashWriter(Process.Start(start)!));
    }

    /// <summary>Reads until that many appends more were acknowledged.</summary>
    public async Task ReadAcknowledgedAsync(int appends)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (; appends > 0; appends--)
            Note(await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The writer ended."));
    }

    /// <summary>Kills it (SIGKILL) and reads what it had said until then.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        while (await _process.StandardOutput.ReadLineAsync() is { } line && line.EndsWith(';'))
            Note(line);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Note(string line)
    {
        var words = line.TrimEnd(';').Split(' ');
        Acknowledged[words[0]] = long.Parse(words[1]);
    }

    /// <summary>The path to write to, when this process is to be such a writer.</summary>
    public static string? ToldPath => Environment.GetEnvironmentVariable(PathVariable);

    public static async Task WriteForEverAsync(string path)
    {
        await using var record = SqliteRecord.Open(path, TimeProvider.System);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        using var turn = new SemaphoreSlim(1);
        await Task.WhenAll(Streams.Select(async stream =>
        {
            long head = await record.ReadAsync(stream).CountAsync();
            while (true)
            {
                var next = head;
                head = await record.AppendAsync(stream, head, [.. Enumerable.Range(0, Batch).Select(_ => RecordWorld.Event(TextOf(stream, ++next)))]);
                await turn.WaitAsync();
                await output.WriteLineAsync($"{stream} {head};");
                turn.Release();
            }
        }));
    }
}
