using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Profiling;

/// <summary>Guests note where they are and go on.</summary>
public sealed class SampleTests
{
    static readonly CompileOptions Sampled = new() { Sampled = true };

    [Fact]
    public void A_function_that_is_entered_notes_the_whole_stack()
    {
        var profile = Run("call 2", "call 3", "nop", asks: 1);
        Assert.Equal(new Dictionary<string, long> { ["run;work"] = 1 }, profile.Stacks);
    }

    [Fact]
    public void A_loop_that_calls_nothing_is_seen_too()
    {
        const string loop = "loop local.get 0 i32.const 1 i32.add local.tee 0 i32.const 9 i32.ne br_if 0 end";
        using var store = new Store();
        var instance = new Linker().Instantiate(store, new ModuleText().Function("spin", "->", loop, "i32").Compile(Sampled));
        var profile = new GuestProfile();
        var spin = instance.GetFunction<Action>("spin");
        for (var i = 0; i < 3; i++)
        {
            store.Sample(profile);
            spin();
        }

        Assert.Equal(new Dictionary<string, long> { ["spin"] = 3 }, profile.Stacks);
    }

    [Fact]
    public void Results_are_the_same_while_every_step_is_noted()
    {
        var module = new ModuleText().Import("env", "ask", "->").Function("fib", "i32->i32",
            "call 0 local.get 0 i32.const 2 i32.lt_s if i32 local.get 0 else local.get 0 i32.const 1 i32.sub call 1 local.get 0 i32.const 2 i32.sub call 1 i32.add end").Compile(Sampled);
        using var store = new Store();
        var profile = new GuestProfile();
        var linker = new Linker();
        linker.Define("env", "ask", () => store.Sample(profile));
        Assert.Equal(55, linker.Instantiate(store, module).GetFunction<Func<int, int>>("fib")(10));
        Assert.InRange(profile.Stacks.Values.Sum(), 150, 200);
    }

    [Fact]
    public void Code_that_was_not_made_for_it_notes_nothing()
    {
        using var store = new Store();
        var profile = new GuestProfile();
        store.Sample(profile);
        new Linker().Instantiate(store, new ModuleText().Function("run", "->", "nop").Compile()).GetFunction<Action>("run")();
        Assert.Empty(profile.Stacks);
    }

    [Fact]
    public void What_runs_and_what_waits_for_it_is_told_apart()
    {
        var functions = GuestProfile.FunctionsOf(new Dictionary<string, long> { ["run;work"] = 3, ["run;work;work"] = 2, ["run"] = 1 });
        Assert.Equal([new("work", 5, 5), new("run", 1, 6)], functions);
    }

    [Fact]
    public void More_stacks_than_are_kept_are_counted_together()
    {
        var profile = new GuestProfile();
        for (var i = 0; i < GuestProfile.MostStacks + 5; i++)
            profile.Add($"{i}");
        Assert.Equal(5, profile.Stacks["(other stacks)"]);
        Assert.Equal(GuestProfile.MostStacks + 1, profile.Stacks.Count);
    }

    static GuestProfile Run(string run, string work, string last, int asks)
    {
        var profile = new GuestProfile();
        using var store = new Store();
        var linker = new Linker();
        linker.Define("env", "ask", () => { });
        var module = new ModuleText().Import("env", "ask", "->").Function("run", "->", $"call 0 {run}").Function("work", "->", work).Function("last", "->", last);
        linker = new Linker();
        linker.Define("env", "ask", () =>
        {
            if (asks-- > 0)
                store.Sample(profile);
        });
        linker.Instantiate(store, module.Compile(Sampled)).GetFunction<Action>("run")();
        return profile;
    }
}
