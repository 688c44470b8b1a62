using System.Text;

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// Executes one test script. Every script has a store and a <c>spectest</c> module of its own; the instances it names live until its end.
/// What does not hold is collected in <see cref="Failures"/>, one line each, so that one run shows all of it.
/// </summary>
sealed class ScriptRun
{
    const string TextFormatOnly = "text-format-only skipped";

    readonly Store _store = new();
    readonly Linker _linker = new();
    readonly Dictionary<string, Module> _modules = [];
    readonly Dictionary<string, Instance> _instances = [];
    readonly CompileOptions _options;
    Module? _lastModule;
    Instance? _lastInstance;

    public ScriptRun(CompileOptions? options = null)
    {
        _options = options ?? CompileOptions.Default;
        SpectestModule.Define(_linker, _store);
    }

    public Tally Tally { get; } = new();

    public List<Failure> Failures { get; } = [];

    public void Execute(IEnumerable<Node.Sequence> script)
    {
        foreach (var command in script)
            try
            {
                Execute(command);
            }
            catch (Exception e)
            {
                Failures.Add(new(command.Line, $"{command.Head}: {(e is Unmet ? e.Message : e.ToString())}"));
            }
    }

    void Execute(Node.Sequence command)
    {
        switch (command)
        {
            case { Head: "module", Items: [_, Node.Word { Value: "instance" }, ..] }:
                Instantiate(command);
                break;
            case { Head: "module" }:
                Define(command);
                break;
            case { Head: "register", Items: [_, Node.Text name, ..] }:
                _linker.Define(Encoding.UTF8.GetString(name.Bytes), InstanceOf(command));
                break;
            case { Head: "invoke" or "get" }:
                Act(command);
                break;
            case { Head: "assert_return", Items: [_, Node.Sequence action, ..] }:
                AssertReturn(action, [.. command.Items.Skip(2)]);
                break;
            case { Head: "assert_trap", Items: [_, Node.Sequence action, Node.Text text] }:
                AssertTrap(action, Encoding.UTF8.GetString(text.Bytes));
                break;
            case { Head: "assert_exception", Items: [_, Node.Sequence action] }:
                Throws<GuestException>(() => Act(action));
                break;
            case { Head: "assert_exhaustion", Items: [_, Node.Sequence action, _] }:
                AssertTrap(action, "call stack exhausted");
                break;
            case { Head: "assert_invalid" or "assert_malformed", Items: [_, Node.Sequence module, ..] }:
                if (BinaryOf(module) is not { } binary) return;
                AssertRefused(binary);
                break;
            case { Head: "assert_unlinkable", Items: [_, Node.Sequence instance, ..] }:
                Throws<LinkException>(() => Instantiate(instance));
                break;
            default:
                throw new Unmet("the command is unknown to this runner");
        }
        Tally.Count(command.Head);
    }

    void Define(Node.Sequence command)
    {
        if (BinaryOf(command) is not { } binary) return;
        _lastModule = Module.Compile(binary, _options);
        var definition = command.Items is [_, Node.Word { Value: "definition" }, ..];
        if (NameOf(command, definition ? 2 : 1) is { } name) _modules[name] = _lastModule;
        if (!definition) throw new Unmet("a module is expected to be a definition");
    }

    /// <summary><c>(module instance $instance? $module?)</c>; without names, of the module defined last.</summary>
    void Instantiate(Node.Sequence command)
    {
        var module = NameOf(command, 3) is { } of ? _modules[of] : _lastModule!;
        var instance = _linker.Instantiate(_store, module);
        _lastInstance = instance;
        if (NameOf(command, 2) is { } name) _instances[name] = instance;
    }

    /// <summary><c>(invoke $instance? "name" argument*)</c> or <c>(get $instance? "name")</c>.</summary>
    Value[] Act(Node.Sequence action)
    {
        var instance = InstanceOf(action);
        var name = action.Items.OfType<Node.Text>().First();
        var export = Encoding.UTF8.GetString(name.Bytes);
        if (action.Head == "get") return [instance.GetGlobal(export).Value];

        var function = instance.GetFunction(export);
        Value[] arguments = [.. action.Items.SkipWhile(item => item != name).Skip(1).Select(Constant.Read)];
        var results = new Value[function.Type.Results.Length];
        function.Invoke(arguments, results);
        return results;
    }

    void AssertReturn(Node.Sequence action, Node[] expected)
    {
        var actual = Act(action);
        if (actual.Length != expected.Length || !expected.Zip(actual).All(pair => Expected.Matches(pair.First, pair.Second)))
            throw new Unmet($"{string.Join<Node>(' ', expected)} was expected, but it is {string.Join(", ", actual)}");
    }

    void AssertTrap(Node.Sequence action, string text)
    {
        var trap = Throws<Trap>(() =>
        {
            if (action.Head == "module") Instantiate(action);
            else Act(action);
        });
        if (!TrapText.Means(text, trap.Kind)) throw new Unmet($"a trap '{text}' was expected, but it is {trap.Kind}");
    }

    static void AssertRefused(byte[] binary)
    {
        var refusal = Throws<InvalidModuleException>(() => Module.Compile(binary));
        if (refusal.ByteOffset < 0 || refusal.ByteOffset > binary.Length)
            throw new Unmet($"the offset {refusal.ByteOffset} lies outside the module's {binary.Length} bytes");
    }

    static T Throws<T>(Action action) where T : Exception
    {
        try
        {
            action();
        }
        catch (T expected)
        {
            return expected;
        }
        throw new Unmet($"{typeof(T).Name} was expected, but nothing was thrown");
    }

    /// <summary>The bytes of <c>(module definition? $name? binary "..."*)</c>; null for a module in text, which is counted.</summary>
    byte[]? BinaryOf(Node.Sequence module)
    {
        if (module.Items.Any(item => item is Node.Word { Value: "binary" }))
            return [.. module.Items.OfType<Node.Text>().SelectMany(text => text.Bytes)];
        if (!module.Items.Any(item => item is Node.Word { Value: "quote" })) throw new Unmet("a module must be 'binary' or 'quote'");
        Tally.Count(TextFormatOnly);
        return null;
    }

    Instance InstanceOf(Node.Sequence command) =>
        command.Items.OfType<Node.Word>().FirstOrDefault(word => word.Value.StartsWith('$')) is { } name
            ? _instances[name.Value]
            : _lastInstance ?? throw new Unmet("no module is instantiated");

    static string? NameOf(Node.Sequence command, int position) =>
        command.Items.ElementAtOrDefault(position) is Node.Word word && word.Value.StartsWith('$') ? word.Value : null;

    /// <summary>The engine did something else than the script expects.</summary>
    sealed class Unmet(string message) : Exception(message);
}

/// <summary>A command that does not hold.</summary>
sealed record Failure(int Line, string What)
{
    public override string ToString() => $"line {Line}: {What}";
}
