using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Composing;

/// <summary>Handles that an instance lends to one within it, which calls it meanwhile.</summary>
public sealed class LendingTests
{
    /// <summary>
    /// Lends a handle to <c>$C</c>, is called by it, lends the same to <c>$N</c>, and drops it while <c>$C</c> has it still:
    /// <code>
    /// (component
    ///   (type $R (resource (rep i32)))
    ///   (component $C
    ///     (import "r" (type $r (sub resource)))
    ///     (import "k" (func $k))
    ///     (core func $k' (canon lower (func $k)))
    ///     (core func $drop (canon resource.drop $r))
    ///     (core module $m
    ///       (import "" "k" (func $k)) (import "" "drop" (func $drop (param i32)))
    ///       (func (export "g") (param i32) call $k local.get 0 call $drop))
    ///     (core instance $i (instantiate $m (with "" (instance (export "k" (func $k')) (export "drop" (func $drop))))))
    ///     (func (export "g") (param "x" (borrow $r)) (canon lift (core func $i "g"))))
    ///   (component $N
    ///     (import "r" (type $r (sub resource)))
    ///     (core func $drop (canon resource.drop $r))
    ///     (core module $m (import "" "drop" (func $drop (param i32))) (func (export "n") (param i32) local.get 0 call $drop))
    ///     (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
    ///     (func (export "n") (param "x" (borrow $r)) (canon lift (core func $i "n"))))
    ///   (core func $new (canon resource.new $R))
    ///   (core func $drop (canon resource.drop $R))
    ///   (core module $main
    ///     (import "" "new" (func $new (param i32) (result i32))) (import "" "drop" (func $drop (param i32)))
    ///     (type $lent (func (param i32)))
    ///     (table (export "t") 2 funcref)
    ///     (global $h (mut i32) (i32.const 0))
    ///     (func (export "k") global.get $h i32.const 1 call_indirect (type $lent) global.get $h call $drop)
    ///     (func (export "run") i32.const 7 call $new global.set $h global.get $h i32.const 0 call_indirect (type $lent)))
    ///   (core instance $main (instantiate $main (with "" (instance (export "new" (func $new)) (export "drop" (func $drop))))))
    ///   (func $k (canon lift (core func $main "k")))
    ///   (instance $c (instantiate $C (with "r" (type $R)) (with "k" (func $k))))
    ///   (instance $n (instantiate $N (with "r" (type $R))))
    ///   (core func $g (canon lower (func $c "g")))
    ///   (core func $n' (canon lower (func $n "n")))
    ///   (core module $fill (import "" "t" (table 2 funcref)) (import "" "g" (func $g (param i32))) (import "" "n" (func $n (param i32))) (elem (i32.const 0) func $g $n))
    ///   (core instance (instantiate $fill (with "" (instance (export "t" (table $main "t")) (export "g" (func $g)) (export "n" (func $n'))))))
    ///   (func (export "run") (canon lift (core func $main "run"))))
    /// </code>
    /// </summary>
    const string Lender =
        "0061736d0d0001000704013f7f00049f010061736d0d0001000a06010001720301070501400001000a060100016b010108070201000000030001390061736d0100000001080260000060017f00020e02" +
        "00016b0000000464726f70000103020101070501016700020a0a0108001000200010010b0214020102016b00000464726f700001000001001200070a0268004001017802010006070100000101016708" +
        "060100000200030b0701000167010100047e0061736d0d0001000a060100017203010803010300012f0061736d0100000001050160017f00020901000464726f70000003020100070501016e00010a08" +
        "010600200010000b02100201010464726f700000000001001200070a0268004001017801010006070100000101016e08060100000100020b070100016e01000008050202000300016e0061736d010000" +
        "00010d0360017f0060017f017f60000002100200036e65770001000464726f70000003030202020404017000020606017f0141000b070f0301740100016b00020372756e00030a1f020d002300410111" +
        "0000230010010b0f00410710002400230041001100000b0216020102036e657700000464726f7000010000010012000705014000010006070100000101016b0806010000020001051302000002017203" +
        "00016b010000010101720300060601010000016708050101000100060601010001016e08050101000200012d0061736d0100000001050160017f0002120300017401700002000167000000016e000009" +
        "08010041000b02000106070100010101017402150201030174010001670003016e000400010100120207050140000100060901000001010372756e08060100000500020b0901000372756e010300";

    [Fact]
    public void What_one_call_gives_back_is_lent_to_the_call_around_it_still()
    {
        using var store = new Store();
        var instance = ComponentInstance.Create(store, Component.Compile(Convert.FromHexString(Lender)));
        var run = instance.GetFunction<Action>("run");
        Assert.Equal("cannot remove owned resource while borrowed", Assert.Throws<ComponentTrap>(run).Message);
    }
}
