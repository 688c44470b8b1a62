using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Recording;

/// <summary>A trap that was recorded in compiled code is replayed in the interpreter, which shows what the variables held.</summary>
public sealed class InspectedReplayTests
{
    [Fact]
    public void A_replay_shows_the_variables_of_the_functions_that_a_trap_came_through()
    {
        var recorder = new Recorder();
        var instance = new Linker().Define("env", "next", () => 0).Instantiate(new Store(), new ModuleText().Import("env", "next", "->i32")
            .Function("outer", "i32->i32", "local.get 0 call 2").Function("inner", "i32->i32", "local.get 0 call 0 local.tee 1 i32.div_s", locals: "i32")
            .Custom("name", [2, 22, 1, 2, 2, 0, 8, .. "dividend"u8, 1, 7, .. "divisor"u8]).Compile(), recorder);
        recorder.Begin();
        Assert.Throws<Trap>(() => instance.GetFunction<Func<int, int>>("outer")(17));
        var outcome = Replay.Run(recorder.End(), inspect: true);
        Assert.Null(outcome.Divergence);
        var frames = Assert.IsType<Trap>(outcome.Thrown).Inspected;
        Assert.Equal(["inner", "outer"], frames.Select(frame => frame.Frame.Name!));
        Assert.Equal([17, 0], frames[0].Locals);
        Assert.Equal(["dividend", "divisor"], outcome.Instance.Module.LocalNames(2).OrderBy(name => name.Key).Select(name => name.Value));
        Assert.Empty(outcome.Instance.Module.LocalNames(1));
    }
}
