using System.Text.Json;
using Allotrope.Commands;
using Allotrope.Wasm;

namespace Allotrope.Tests.Commands;

/// <summary><c>allot actor replay</c> on records made here.</summary>
public sealed class ActorReplayTests : IDisposable
{
    /// <summary>Imports <c>env.next</c>, exports <c>run</c>, which divides 1 by what that gives and calls that <c>divisor</c>.</summary>
    static readonly byte[] Divider =
    [
        0, .. "asm"u8, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7f, 2, 12, 1, 3, .. "env"u8, 4, .. "next"u8, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, .. "run"u8, 0, 1,
        10, 13, 1, 11, 1, 1, 0x7f, 0x41, 1, 0x10, 0, 0x22, 0, 0x6d, 0x0b, 0, 19, 4, .. "name"u8, 2, 12, 1, 1, 1, 0, 7, .. "divisor"u8,
    ];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trap_is_replayed_and_its_stack_shown()
    {
        var (code, output, error) = await RunAsync(Record(answer: 0), "--until", "trap");
        Assert.Equal(("", ExitCode.Ok), (error, code));
        Assert.Contains("actor     shop-cart, Cart.Add at 2026-11-21 12:00:00Z\n", output, StringComparison.Ordinal);
        Assert.Contains("replayed  run, 1 host calls\noutcome   trapped: integer divide by zero\nthe same  yes, to the last byte\n    at run (function 1, ", output,
            StringComparison.Ordinal);
        Assert.EndsWith("\n          divisor = i32 0\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_one_object()
    {
        var (code, output, _) = await RunAsync(Record(answer: 1), "--json");
        Assert.Equal(ExitCode.Ok, code);
        var line = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("returned i32 1", true, 1), (line.GetProperty("outcome").GetString(), line.GetProperty("same").GetBoolean(), line.GetProperty("hostCalls").GetInt32()));
    }

    [Fact]
    public async Task What_does_not_trap_has_no_trap_to_go_to()
    {
        var (code, _, error) = await RunAsync(Record(answer: 1), "--until", "trap");
        Assert.Equal(3, code);
        Assert.Contains("Nothing traps in a.record: run returned i32 1.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_record_is_refused_in_a_sentence()
    {
        var file = Record(answer: 0);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^40] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync(file);
        Assert.Equal(9, code);
        Assert.Contains("its checksum is another.", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var (code, _, error) = await RunAsync(Path.Combine(_folder.Path, "none.record"));
        Assert.Equal(3, code);
        Assert.Contains("none.record", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_trap_can_be_gone_to() => Assert.Equal(ExitCode.Usage, (await RunAsync(Record(answer: 0), "--until", "dawn")).Code);

    string Record(int answer)
    {
        var recorder = new Recorder();
        var instance = new Linker().Define("env", "next", () => answer).Instantiate(new Store(), Module.Compile(Divider), recorder);
        recorder.Begin();
        try
        {
            instance.GetFunction<Func<int>>("run")();
        }
        catch (Trap)
        {
            // which is what the record is for
        }

        var file = Path.Combine(_folder.Path, "a.record");
        File.WriteAllBytes(file, recorder.End().With(new("actor", "shop-cart"), new("operation", "Cart.Add"), new("time", "2026-11-21T12:00:00Z")).ToArray());
        return file;
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = await AllotCommand.RunAsync(["actor", "replay", .. arguments], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
