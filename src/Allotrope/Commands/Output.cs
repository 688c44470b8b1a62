using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Allotrope.Kernel;
using Spectre.Console;

namespace Allotrope.Commands;

/// <summary>Where a command says what it did: sentences and tables for people, or JSON, one object a line, for programs.</summary>
sealed class Output
{
    /// <summary>Columns when nobody says how wide the terminal is; wide enough that no cell of a table is broken in a pipe.</summary>
    const int PipeWidth = 240;

    /// <summary>A terminal is no web page: quotes and letters beyond ASCII stay as they are.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly TextWriter _output;
    readonly TextWriter _error;
    readonly IAnsiConsole _console;

    public Output(TextWriter output, TextWriter error, bool json, bool verbose)
    {
        (_output, _error, Json, Verbose) = (output, error, json, verbose);
        var piped = Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = piped ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (piped)
            _console.Profile.Width = PipeWidth;
    }

    public bool Json { get; }

    /// <summary>Show the stack of an error.</summary>
    public bool Verbose { get; }

    /// <summary>A line for people; programs get none.</summary>
    public void Line(string text)
    {
        if (Json)
            return;
        _output.WriteLine(text);
        _output.Flush();
    }

    /// <summary>Text that is the result itself, whoever reads it.</summary>
    public void Raw(string text) => _output.WriteLine(text);

    /// <summary>Something worth a look that stops nothing; on the error stream, so that it disturbs no program.</summary>
    public void Warn(string text) => _error.WriteLine($"allot: warning: {text}");

    /// <summary>A value for programs; people get none.</summary>
    public void Object<T>(T value, JsonTypeInfo<T> type)
    {
        if (!Json)
            return;
        _output.WriteLine(ToJson(value, type));
        _output.Flush();
    }

    /// <summary>Rows under headings, for people.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (Json)
            return;
        var table = new Table().Border(TableBorder.None);
        foreach (var heading in headings)
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(heading)}[/]") { Padding = new Padding(0, 0, 2, 0) });
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        _console.Write(table);
    }

    /// <summary>Says on the error stream what went wrong.</summary>
    /// <returns>The exit code that says the same.</returns>
    public int Fail(Exception error)
    {
        var (kind, message, code) = error switch
        {
            FaultException { Fault: var fault } => (fault.Kind, fault.Message, ExitCode.Of(fault)),
            OperationCanceledException => ("Interrupted", "interrupted", ExitCode.Interrupted),
            _ => ("Unexpected", $"{error.GetType().Name}: {error.Message} Run it again with --verbose and report what it prints.", ExitCode.Unexpected),
        };
        var more = error is FaultException { Fault: Fault.Invalid { More: { Count: > 0 } others } } ? others : null;
        if (Json)
            _error.WriteLine(ToJson(new ErrorLine("error", kind, message, code, more), CommandsJson.Default.ErrorLine));
        else
            foreach (var problem in more?.Prepend(message) ?? [message])
                _error.WriteLine($"allot: {problem}");
        if (Verbose)
            _error.WriteLine(error);
        return code;
    }

    static string ToJson<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            JsonSerializer.Serialize(writer, value, type);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
