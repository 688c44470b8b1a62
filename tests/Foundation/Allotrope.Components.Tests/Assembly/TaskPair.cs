using Allotrope.Wasm.Tests.Assembly;
using static Allotrope.Components.Tests.Assembly.ComponentBytes;

namespace Allotrope.Components.Tests.Assembly;

/// <summary>Two components within one: the second imports functions of the first by their names, and its <c>run</c> is the whole's.</summary>
static class TaskPair
{
    public static Component Compile(TaskComponent callee, TaskComponent caller, params string[] functions) => Components.Component.Compile(Component(
        Section(4, callee.Build()), Section(4, caller.Build()),
        Section(5, List(Join([0, 0], List()))),
        Section(6, List([.. functions.Select(name => Alias(0, name))])),
        Section(5, List(Join([0, 1], List([.. functions.Select((name, i) => Join(Name(name), [1], Leb.Unsigned((ulong)i)))])))),
        Section(6, List(Alias(1, "run"))),
        Section(11, List(Join(ExternName("run"), [1], Leb.Unsigned((ulong)functions.Length), [0])))));

    static byte[] Alias(byte instance, string name) => Join([1, 0, instance], Name(name));
}
