namespace Allotrope.Wasm;

/// <summary>Where guests were when they were asked (<see cref="Store.Sample"/>): how often with which stack. Any thread may use it.</summary>
public sealed class GuestProfile
{
    /// <summary>Different stacks that are told apart; a deep recursion makes many.</summary>
    public const int MostStacks = 10_000;

    /// <summary>What stands for all others then.</summary>
    const string Others = "(other stacks)";

    readonly Lock _gate = new();
    readonly Dictionary<string, long> _stacks = [];

    /// <summary>
    /// By stack, how often it was seen. A stack is its functions from the outermost on with semicolons between them, as programs that draw flame graphs
    /// read it.
    /// </summary>
    public IReadOnlyDictionary<string, long> Stacks
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, long>(_stacks);
        }
    }

    /// <summary>Notes something that is no guest's stack, such as a wait.</summary>
    public void Add(string stack)
    {
        lock (_gate)
        {
            if (_stacks.Count >= MostStacks && !_stacks.ContainsKey(stack))
                stack = Others;
            _stacks[stack] = _stacks.GetValueOrDefault(stack) + 1;
        }
    }

    /// <summary>By function, how often it was running and how often it was on the stack; the busiest first.</summary>
    public static IReadOnlyList<ProfiledFunction> FunctionsOf(IEnumerable<KeyValuePair<string, long>> stacks)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        var functions = new Dictionary<string, (long Self, long Total)>();
        foreach (var (stack, count) in stacks)
        {
            var names = stack.Split(';');
            foreach (var name in names.Distinct())
            {
                var (self, total) = functions.GetValueOrDefault(name);
                functions[name] = (self + (name == names[^1] ? count : 0), total + count);
            }
        }

        return [.. functions.Select(entry => new ProfiledFunction(entry.Key, entry.Value.Self, entry.Value.Total))
            .OrderByDescending(function => function.Self).ThenByDescending(function => function.Total).ThenBy(function => function.Name, StringComparer.Ordinal)];
    }

    /// <summary>A guest's stack, innermost first. One that is in no function is none.</summary>
    internal void Add(IReadOnlyList<WasmFrame> stack)
    {
        if (stack.Count > 0)
            Add(string.Join(';', stack.Reverse().Select(NameOf)));
    }

    static string NameOf(WasmFrame frame)
    {
        var name = frame.Name ?? $"function {frame.FunctionIndex}";
        return name.Any(letter => letter == ';' || char.IsControl(letter))
            ? string.Concat(name.Select(letter => letter == ';' || char.IsControl(letter) ? '?' : letter))
            : name;
    }
}

/// <summary>One function of a profile.</summary>
/// <param name="Name">As the module calls it.</param>
/// <param name="Self">How often it was the one that ran.</param>
/// <param name="Total">How often it was on the stack.</param>
public sealed record ProfiledFunction(string Name, long Self, long Total);
