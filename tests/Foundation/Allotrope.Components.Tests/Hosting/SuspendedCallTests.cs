using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Hosting;

/// <summary>A guest that waits for the host holds no thread, in one component and in several.</summary>
public sealed class SuspendedCallTests
{
    static readonly WitType Text = PrimitiveType.Of(PrimitiveKind.String);
    static readonly ComponentFunctionType EchoText = new([new("value", Text)], Text, isAsync: false);

    static Component Compile(string imports = "test:host/api@0.2.0", string? exports = null) => Component.Compile(
        new EchoComponent { Interface = imports, Offered = exports }.Build(("f", EchoText)),
        new ComponentOptions { Modules = CompileOptions.Default with { Suspendable = SuspendableImports.All } });

    static ComponentLinker<int> Waiting(List<TaskCompletionSource<string>> waits)
    {
        var linker = new ComponentLinker<int>();
        linker.Instance("test:host/api@0.2.0").Function("f", (string _) =>
        {
            waits.Add(new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
            return new ValueTask<string>(waits[^1].Task);
        });
        return linker;
    }

    [Fact]
    public async Task A_call_is_there_before_its_result()
    {
        var waits = new List<TaskCompletionSource<string>>();
        using var store = new Store();
        using var instance = Waiting(waits).Instantiate(store, Compile(), 0);
        var ask = instance.GetFunction<Func<string, ValueTask<string>>>("f");
        for (var round = 0; round < 3; round++)
        {
            // Were the thread to wait, this would never come back.
            var answer = ask("who?");
            Assert.False(answer.IsCompleted);
            Assert.Throws<ComponentTrap>(() => { Assert.Null(ask("again?").AsTask()); });
            waits[^1].SetResult($"nobody {round}, Grüße");
            Assert.Equal($"nobody {round}, Grüße", await answer);
        }
    }

    [Fact]
    public async Task Components_that_call_one_another_wait_without_a_thread()
    {
        var waits = new List<TaskCompletionSource<string>>();
        var composition = new Composition<int>(Waiting(waits))
            .Add("front", Compile("test:back/api@1.0.0")).Add("back", Compile("test:host/api@0.2.0", "test:back/api@1.0.0"));
        using var store = new Store();
        using var made = composition.Instantiate(_ => store, _ => 0);
        var answer = made["front"].GetFunction<Func<string, ValueTask<string>>>("f")("who?");
        Assert.False(answer.IsCompleted);
        waits[^1].SetResult("back");
        Assert.Equal("back", await answer);
    }

    [Fact]
    public async Task What_a_wait_ends_with_comes_out_as_it_is()
    {
        var waits = new List<TaskCompletionSource<string>>();
        using var store = new Store();
        using var instance = Waiting(waits).Instantiate(store, Compile(), 0);
        var answer = instance.GetFunction<Func<string, ValueTask<string>>>("f")("who?");
        waits[^1].SetException(new TimeoutException("too late"));
        Assert.Equal("too late", (await Assert.ThrowsAsync<TimeoutException>(answer.AsTask)).Message);
    }
}
