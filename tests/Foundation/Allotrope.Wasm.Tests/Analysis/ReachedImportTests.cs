using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Analysis;

/// <summary>Which imports an export may call, over every kind of call. Import 0 is <c>env.a</c> and import 1 <c>env.b</c>, both <c>-&gt;</c>.</summary>
public sealed class ReachedImportTests
{
    [Fact]
    public void Only_what_is_called_is_reached() =>
        Assert.Equal(["a"], Reached(Importing().Function("run", "->", "call 3").Function(null, "->", "call 0").Function("other", "->", "call 1"), HostConduct.Plain));

    [Theory]
    [InlineData("i32.const 0 call_indirect ->")]
    [InlineData("i32.const 0 return_call_indirect ->")]
    public void An_indirect_call_reaches_what_the_table_holds_of_its_type(string code) =>
        Assert.Equal(["a"], Reached(Importing().Function("run", "->", code).Table(3).Elements(0, 0, 3).Function(null, "->i32", "call 1 i32.const 0"), HostConduct.Plain));

    [Fact]
    public void An_indirect_call_reaches_subtypes_too()
    {
        var module = new ModuleText().Types("open ->").Types("sub=0 ->").Import("env", "a", "sub=0 ->")
            .Function("run", "open ->", "ref.func 0 call_ref 0").Table(1).Elements(0, 0);
        Assert.Equal(["a"], Reached(module));
    }

    [Fact]
    public void A_table_that_others_see_may_hold_any_import_and_more()
    {
        var signals = Analyse(Importing().Function("run", "->", "i32.const 0 call_indirect ->").Table(1, export: "table"));
        Assert.Equal(["a", "b"], signals.Imports.Select(import => import.Name));
        Assert.True(signals.CallsOutside);
    }

    [Fact]
    public void Nobody_changes_an_exported_table_when_the_outside_is_plain()
    {
        var signals = Analyse(Importing().Function("run", "->", "i32.const 0 call_indirect ->").Table(1, export: "table"), HostConduct.Plain);
        Assert.Empty(signals.Imports);
        Assert.False(signals.CallsOutside);
    }

    [Fact]
    public void A_table_that_code_writes_to_may_hold_every_function_that_is_referred_to() =>
        Assert.Equal(["b"], Reached(Importing().Function("run", "->", "i32.const 0 ref.func 1 table.set 0 i32.const 0 call_indirect ->")
            .Table(1).Elements(0, 1)));

    [Fact]
    public void A_call_of_a_reference_reaches_every_function_that_is_referred_to() =>
        Assert.Equal(["b"], Reached(Importing().Function("run", "->", "ref.func 1 call_ref ->").Table(1).Elements(0, 1)));

    [Fact]
    public void A_reference_given_by_the_caller_may_lead_anywhere() =>
        Assert.True(Analyse(Importing().Function("run", "funcref->", "i32.const 0 call_indirect ->").Table(1).Function(null, "->", "i32.const 0 ref.null funcref table.set 0")).CallsOutside);

    [Fact]
    public void An_import_may_call_back_unless_the_outside_is_plain()
    {
        var module = Importing().Function("run", "->", "call 0").Function("other", "->", "call 1");
        Assert.Equal(["a", "b"], Reached(module));
        Assert.Equal(["a"], Reached(module, HostConduct.Plain));
        Assert.Equal(UnboundedReason.CallBack, Analyse(module).Unbounded!.Reason);
        Assert.Equal(ScheduleClass.HostBound, Analyse(module, HostConduct.Plain).Schedule);
    }

    [Fact]
    public void The_start_function_has_signals_of_its_own()
    {
        var analysis = ModuleAnalysis.Of(Importing().Function(null, "->", "call 0").Start(2).Build(), HostConduct.Plain);
        Assert.Equal(["a"], analysis.Start!.Imports.Select(import => import.Name));
        Assert.Equal(ScheduleClass.HostBound, analysis.Schedule);
    }

    [Fact]
    public void An_import_that_is_exported_again_reaches_itself()
    {
        byte[] exportOfImport = [7, 5, 1, 1, (byte)'x', 0, 0];
        var module = Importing().Build();
        Assert.Equal(["a"], ModuleAnalysis.Of([.. module, .. exportOfImport], HostConduct.Plain).Exports[0].Imports.Select(import => import.Name));
    }

    static ModuleText Importing() => new ModuleText().Import("env", "a", "->").Import("env", "b", "->");

    static ExportSignals Analyse(ModuleText module, HostConduct host = HostConduct.Free) => ModuleAnalysis.Of(module.Build(), host).Exports[0];

    static IEnumerable<string> Reached(ModuleText module, HostConduct host = HostConduct.Free) => Analyse(module, host).Imports.Select(import => import.Name);
}
