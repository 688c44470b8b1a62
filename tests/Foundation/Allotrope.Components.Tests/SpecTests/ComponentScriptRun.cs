using System.Text;
using Allotrope.Wasm;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.SpecTests;

/// <summary>
/// Executes one test script of the Component Model. What does not hold is collected in <see cref="Failures"/>, one line each, so that one run shows all
/// of it.
/// </summary>
sealed class ComponentScriptRun
{
    const string TextFormatOnly = "text-format-only skipped";

    readonly Store _store = new();
    readonly Dictionary<string, Component> _components = [];
    readonly Dictionary<string, ComponentInstance> _instances = [];
    ComponentInstance? _last;

    public Tally Tally { get; } = new();

    public List<string> Failures { get; } = [];

    public void Execute(IEnumerable<Node.Sequence> script)
    {
        foreach (var command in script)
            try
            {
                Execute(command);
            }
            catch (Exception e)
            {
                Failures.Add($"line {command.Line}: {command.Head}: {(e is Unmet ? e.Message : e.ToString())}");
            }
    }

    void Execute(Node.Sequence command)
    {
        switch (command)
        {
            case { Head: "component", Items: [_, Node.Word { Value: "instance" }, Node.Word instance, Node.Word component] }:
                _last = _instances[instance.Value] = ComponentInstance.Create(_store, _components[component.Value]);
                break;
            case { Head: "component" }:
                Define(command);
                break;
            case { Head: "invoke" }:
                Invoke(command);
                break;
            case { Head: "assert_return", Items: [_, Node.Sequence action, ..] }:
                AssertReturn(action, command.Items.ElementAtOrDefault(2));
                break;
            case { Head: "assert_trap", Items: [_, Node.Sequence action, Node.Text text] }:
                AssertTrap(action, Encoding.UTF8.GetString(text.Bytes));
                break;
            case { Head: "assert_invalid" or "assert_malformed", Items: [_, Node.Sequence component, Node.Text text] }:
                if (BinaryOf(component) is not { } invalid) return;
                AssertRefused(invalid, Encoding.UTF8.GetString(text.Bytes));
                break;
            default:
                throw new Unmet("the command is unknown to this runner");
        }
        Tally.Count(command.Head);
    }

    /// <summary><c>(component definition? $name? binary "..."*)</c>; without the word, an instance of it is made.</summary>
    void Define(Node.Sequence command)
    {
        if (BinaryOf(command) is not { } binary) return;
        var component = Component.Compile(binary);
        var isDefinition = command.Items is [_, Node.Word { Value: "definition" }, ..];
        var name = command.Items.OfType<Node.Word>().FirstOrDefault(word => word.Value.StartsWith('$'));
        if (name is not null) _components[name.Value] = component;
        if (isDefinition) return;
        _last = ComponentInstance.Create(_store, component);
        if (name is not null) _instances[name.Value] = _last;
    }

    (object? Result, WitType? Type) Invoke(Node.Sequence action)
    {
        var instance = action.Items[1] is Node.Word name ? _instances[name.Value] : _last ?? throw new Unmet("no component is instantiated");
        var export = action.Items.OfType<Node.Text>().First();
        var function = Encoding.UTF8.GetString(export.Bytes);
        var type = ((ComponentExternType.Func)instance.Exports[function]).Type;
        var arguments = action.Items.SkipWhile(item => item != export).Skip(1)
            .Zip(type.Parameters, (argument, parameter) => ComponentConstant.Read(argument, parameter.Type));
        return (instance.Invoke(function, [.. arguments]), type.Result);
    }

    void AssertReturn(Node.Sequence action, Node? expected)
    {
        var (result, type) = Invoke(action);
        var wanted = expected is null ? null : ComponentConstant.Read(expected, type!);
        if (!ComponentConstant.AreEqual(wanted, result)) throw new Unmet($"{expected} was expected, but it is {result ?? "nothing"}");
    }

    void AssertTrap(Node.Sequence action, string text)
    {
        try
        {
            if (action.Head == "component") Define(action);
            else Invoke(action);
        }
        catch (Exception trap) when (trap is ComponentTrap or Trap)
        {
            if (!TrapWording.Agree(text, trap.Message)) throw new Unmet($"a trap '{text}' was expected, but it was '{trap.Message}'");
            return;
        }
        throw new Unmet($"a trap '{text}' was expected, but nothing was thrown");
    }

    static void AssertRefused(byte[] binary, string text)
    {
        try
        {
            Component.Compile(binary);
        }
        catch (InvalidComponentException refusal)
        {
            if (refusal.ByteOffset < 0 || refusal.ByteOffset > binary.Length)
                throw new Unmet($"the offset {refusal.ByteOffset} lies outside the component's {binary.Length} bytes");
            return;
        }
        throw new Unmet($"'{text}' was expected, but nothing was thrown");
    }

    /// <summary>The bytes of <c>(component $name? binary "..."*)</c>; null for a component in text, which is counted.</summary>
    byte[]? BinaryOf(Node.Sequence component)
    {
        if (component.Items.Any(item => item is Node.Word { Value: "binary" }))
            return [.. component.Items.OfType<Node.Text>().SelectMany(text => text.Bytes)];
        if (!component.Items.Any(item => item is Node.Word { Value: "quote" })) throw new Unmet("a component must be 'binary' or 'quote'");
        Tally.Count(TextFormatOnly);
        return null;
    }

    /// <summary>The library did something else than the script expects.</summary>
    sealed class Unmet(string message) : Exception(message);
}
