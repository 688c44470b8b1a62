using Allotrope.Components.Tests.Assembly;
using Allotrope.Wasm;
using static Allotrope.Components.Tests.Assembly.TaskComponent;

namespace Allotrope.Components.Tests.Tasks;

/// <summary>Components that were compiled apart wait for one another, whether or not they share a store.</summary>
public sealed class ComposedTasksTests
{
    readonly List<TaskCompletionSource<uint>> _asked = [];

    /// <summary>Calls the next one twice at once and gives the sum of what it says.</summary>
    static Component Front() => new TaskComponent { From = "test:back/api" }.Import("pass", GivesNumber, "i32->i32").ReturnsNumbers()
        .BuiltIn("new-set", "->i32", 0x1F).BuiltIn("wait", "i32,i32->i32", 0x20, 0, 0).BuiltIn("join", "i32,i32->", 0x23).BuiltIn("drop", "i32->", 0x0D)
        .Function("run", "->", """
            call $new-set local.set 0
            i32.const 16 call $pass i32.const 4 i32.shr_u local.get 0 call $join
            i32.const 20 call $pass i32.const 4 i32.shr_u local.get 0 call $join
            loop
              local.get 0 i32.const 0 call $wait drop
              i32.const 4 i32.load i32.const 2 i32.eq if
                i32.const 0 i32.load call $drop
                local.get 1 i32.const 1 i32.add local.set 1
              end
              local.get 1 i32.const 2 i32.lt_u br_if 0
            end
            i32.const 16 i32.load i32.const 20 i32.load i32.add call $return
            """, "i32,i32")
        .Export("run").Compile();

    /// <summary>Passes on what the host says.</summary>
    static Component Back() => new TaskComponent { Offered = "test:back/api" }.Import("ask", GivesNumber, "->i32", isAsync: false).ReturnsNumbers()
        .Function("pass", "->", "call $ask call $return").Export("pass").Compile();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_waits_for_the_other_which_waits_for_the_host(bool together)
    {
        var host = new ComponentLinker<int>().Function("ask", () =>
        {
            _asked.Add(new TaskCompletionSource<uint>(TaskCreationOptions.RunContinuationsAsynchronously));
            return new ValueTask<uint>(_asked[^1].Task);
        });
        var composition = new Composition<int>(host).Add("front", Front()).Add("back", Back());
        using var first = new Store();
        using var second = new Store();
        using var made = composition.Instantiate(name => together || name == "front" ? first : second, _ => 0);
        var answer = made["front"].GetFunction<Func<ValueTask<uint>>>("run")();
        Assert.Equal(2, _asked.Count);
        Assert.False(answer.IsCompleted);
        _asked[1].SetResult(30);
        _asked[0].SetResult(12);
        Assert.Equal(42u, await answer);
    }
}
