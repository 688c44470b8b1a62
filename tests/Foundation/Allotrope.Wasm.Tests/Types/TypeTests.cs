using System.Runtime.CompilerServices;
using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Types;

/// <summary>Types of different modules are the same when their groups are, and go when nobody uses them.</summary>
public sealed class TypeTests
{
    [Fact]
    public void Equal_groups_of_two_modules_give_the_same_types()
    {
        var one = TypesOf("open struct:i32,null:1", "sub=0 struct:i32,null:1,mut_i8");
        var other = TypesOf("open struct:i32,null:1", "sub=0 struct:i32,null:1,mut_i8");
        Assert.Equal(one, other);
        Assert.True(one[1].IsSubtypeOf(other[0]));
        Assert.False(one[0].IsSubtypeOf(other[1]));
    }

    [Fact]
    public void Places_within_a_group_count()
    {
        var one = TypesOf("struct:null:1", "struct:null:0");
        var other = TypesOf("struct:null:0", "struct:null:1");
        Assert.NotEqual(one[0], other[0]);
    }

    [Fact]
    public void A_reference_to_an_earlier_group_is_by_what_it_means()
    {
        var near = new ModuleText().Types("struct:i32").Types("array:null:0").Compile().Image.Types[1];
        var far = new ModuleText().Types("array:i64").Types("struct:i32").Types("array:null:1").Compile().Image.Types[2];
        Assert.Same(near, far);
    }

    [Fact]
    public void The_host_makes_the_same_types_as_modules() =>
        Assert.Same(StructType.Of(new FieldType(ValueKind.I32), new FieldType(ValueKind.I64, IsMutable: true)), TypesOf("struct:i32,mut_i64")[0]);

    [Theory]
    [InlineData("struct:i32", "sub=0 struct:i32")]
    [InlineData("open struct:i32", "sub=0 struct:i64")]
    [InlineData("open struct:mut_anyref", "sub=0 struct:mut_eqref")]
    [InlineData("open struct:i8", "sub=0 struct:i32")]
    [InlineData("open array:i32", "sub=0 struct:i32")]
    [InlineData("open anyref->anyref", "sub=0 eqref->anyref")]
    public void A_type_extends_only_what_it_can_stand_for(string super, string sub) =>
        Assert.Throws<InvalidModuleException>(() => new ModuleText().Types(super).Types(sub).Compile());

    [Theory]
    [InlineData("open struct:anyref", "sub=0 struct:eqref,i32")]
    [InlineData("open array:mut_i16", "sub=0 array:mut_i16")]
    [InlineData("open eqref->eqref", "sub=0 anyref->i31ref")]
    public void A_type_may_say_more_than_the_one_it_extends(string super, string sub) => new ModuleText().Types(super).Types(sub).Compile();

    [Fact]
    public void Chains_of_supertypes_are_bounded()
    {
        var module = new ModuleText().Types("open struct:");
        for (var depth = 1; depth <= RecursionGroup.MostSupertypes; depth++) module.Types($"open sub={depth - 1} struct:");
        module.Compile();
        Assert.Throws<InvalidModuleException>(() => module.Types($"sub={RecursionGroup.MostSupertypes} struct:").Compile());
    }

    [Fact]
    public void Types_of_a_dropped_module_go()
    {
        var type = MakeAndDrop();
        for (var round = 0; type.IsAlive && round < 20; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(type.IsAlive, "the type is still there");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference MakeAndDrop() => new(TypesOf("struct:i32,i64,f32,f64,null:1", "array:mut_null:0")[0]);

    static List<DefinedType> TypesOf(params string[] group) => new ModuleText().Types(group).Compile().Image.Types;
}
