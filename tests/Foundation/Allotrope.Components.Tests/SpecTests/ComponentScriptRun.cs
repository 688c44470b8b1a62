using System.Text;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.SpecTests;

/// <summary>
/// Executes one test script of the Component Model. What does not hold is collected in <see cref="Failures"/>, one line each, so that one run shows all
/// of it.
/// </summary>
sealed class ComponentScriptRun
{
    const string TextFormatOnly = "text-format-only skipped";

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
            case { Head: "component", Items: [_, Node.Word { Value: "instance" }, ..] }:
            case { Head: "assert_return" or "assert_trap" or "invoke" }:
                return;
            case { Head: "component" }:
                if (BinaryOf(command) is not { } valid) return;
                Component.Compile(valid);
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
