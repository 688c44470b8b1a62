using System.IO.Pipelines;
using System.Text;
using Allotrope.Wasi;
using Allotrope.Wasi.Cli;
using Allotrope.Wasi.Io;
using Allotrope.Wasm;

namespace Allotrope.Interop.Components;

/// <summary>CPython as somebody published it for WASI preview 1, 26 MB, runs a program of Python, by itself and as a component.</summary>
public sealed class PublishedProgramTests : IDisposable
{
    const string Printed = """
        hello ['one', 'two'] hi typed
        6000 ['a.txt']
        hello x/y/b.txt 6000 9
        ['PermissionError', 'FileNotFoundError', 'PermissionError'] PermissionError
        ba7816bf8f01cfea heLo {"a": [1, 2.5, null]} 1267650600228229401496703205376 0.66667
        True True
        True
        ['link']

        """;

    readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("python-");

    public void Dispose() => _work.Delete(recursive: true);

    [Fact]
    public async Task A_published_python_runs_a_program() => Assert.Equal((3u, Printed), await RunAsync(await Tools.PublishedPythonAsync()));

    [Fact]
    public async Task So_does_the_component_that_is_made_of_it()
    {
        var component = Path.Combine(_work.FullName, "python.component.wasm");
        await Tools.RunAsync(
            Tools.Node, [Path.Combine(Tools.Root, "tests", "Interop", "programs", "adapt.mjs"), await Tools.ComponentToolsAsync(), await Tools.PublishedPythonAsync(), component]);

        Assert.Equal((1u, Printed), await RunAsync(component)); // WASI 0.2 has success and failure only
    }

    async Task<(uint Status, string Printed)> RunAsync(string program)
    {
        var (input, output) = (new Pipe(), new Pipe(new(pauseWriterThreshold: 1 << 20)));
        await input.Writer.WriteAsync("typed\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await input.Writer.CompleteAsync();
        using var state = new WasiState
        {
            Arguments = ["python", "/programs/program.py", "one", "two"],
            Environment = [new("GREETING", "hi")],
            Preopens =
            [
                new(_work.CreateSubdirectory("work").FullName, "/work"),
                new(Path.Combine(Tools.Root, "tests", "Interop", "programs"), "/programs") { IsReadOnly = true },
            ],
            Stdin = new PipeInput(input.Reader),
            Stdout = new PipeOutput(output.Writer),
            Stderr = new PipeOutput(output.Writer),
        };
        var status = await CommandRun.RunAsync(
            await File.ReadAllBytesAsync(program, TestContext.Current.CancellationToken), new StoreLimits(), state, TestContext.Current.CancellationToken);
        await output.Writer.CompleteAsync();
        using var printed = new StreamReader(output.Reader.AsStream(), Encoding.UTF8);
        return (status, await printed.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
