using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Wasm;

/// <summary>
/// A module at work: its memory, tables and globals. Compiled code gets it as its last argument and reads the fields below directly.
/// </summary>
public sealed class Instance
{
    internal readonly Guard Guard;

    /// <summary>What code that is to be sampled looks at.</summary>
    internal readonly Sampler Sampler;

    /// <summary>Whether its code counts its instructions.</summary>
    internal readonly bool IsMetered;

    /// <summary>Address of memory 0's first byte; the length is before it.</summary>
    internal nint MemoryBase;

    internal Memory[] Memories = [];

    /// <summary>Bits of the numeric globals that nobody outside can change or see changing.</summary>
    internal long[] Cells = [];

    /// <summary>All globals; where <see cref="Cells"/> has a number that changes, the one here is only its first value.</summary>
    internal Global?[] Globals = [];

    internal Table[] Tables = [];

    internal Tag[] Tags = [];

    /// <summary>The module's types by index; objects are made with them.</summary>
    internal readonly DefinedType[] Types;

    /// <summary>Table 0, which nearly all indirect calls go through; null without tables.</summary>
    internal Table? FirstTable;

    /// <summary>All functions by index: imports at first, others from when somebody refers to them.</summary>
    internal Function?[] Functions = [];

    /// <summary>Passive segments not dropped yet; dropped ones are empty.</summary>
    internal ReadOnlyMemory<byte>[] DataSegments = [];

    internal object?[][] ElementSegments = [];

    internal Instance(Store store, Module module)
    {
        Store = store;
        Module = module;
        Guard = store.Guard;
        Sampler = store.Sampler;
        IsMetered = module.Options.Fuel;
        if (module.Options.Deterministic)
            Guard.BecomeDeterministic();
        Types = module.Types;
        Code = module.Code;
        Steps = module.IsInterpreted ? module.Steps : null;
    }

    public Store Store { get; }

    /// <summary>Notes what the host does with it; null unless it was made to be recorded.</summary>
    internal Recorder? Recorder { get; set; }

    public Module Module { get; }

    /// <summary>The module's code in the variant that its memories allow.</summary>
    internal CompiledModule Code { get; set; }

    /// <summary>What the interpreter runs, and what that becomes, in the same variant; null when the module is compiled.</summary>
    internal ModuleSteps? Steps { get; set; }

    /// <summary>The exported function as a delegate. Make it once and keep it: calls neither box nor allocate.</summary>
    /// <exception cref="KeyNotFoundException">No function is exported by that name (so for the other getters).</exception>
    /// <exception cref="ArgumentException">The delegate's signature is not the function's.</exception>
    public TDelegate GetFunction<TDelegate>(string name)
        where TDelegate : Delegate => GetFunction(name).AsDelegate<TDelegate>();

    public Function GetFunction(string name) => FunctionAt(IndexOf<ExternType.Func>(name, "function"));

    public Memory GetMemory(string name) => Memories[IndexOf<ExternType.Memory>(name, "memory")];

    public Table GetTable(string name) => Tables[IndexOf<ExternType.Table>(name, "table")];

    public Tag GetTag(string name) => Tags[IndexOf<ExternType.Tag>(name, "tag")];

    public Global GetGlobal(string name) => Globals[IndexOf<ExternType.Global>(name, "global")]!;

    /// <summary>False when the module exports no function of that name.</summary>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out Function? function)
    {
        function = Module.Image.Find(name) is { Type: ExternType.Func } export ? FunctionAt(export.Index) : null;
        return function is not null;
    }

    /// <summary>The function as an object; made when first asked for.</summary>
    internal Function FunctionAt(int index) =>
        Functions[index] ??= Steps is { } steps ? FunctionOf(steps, index) : new Function(Module.Image.Functions[index], Code.AddressOf(index), this);

    Function FunctionOf(ModuleSteps steps, int index)
    {
        var type = Module.Image.Functions[index];
        if (Volatile.Read(ref steps.Known[index]) is { Compiled: not 0 } compiled)
            return new Function(type, compiled.Compiled, this);
        var target = new InterpretedFunction(this, index);
        return new Function(type, CallStubs.CodeFor(type, target), target);
    }

    int IndexOf<TType>(string name, string sort)
        where TType : ExternType =>
        Module.Image.Find(name) switch
        {
            { Type: TType } export => export.Index,
            { } other => throw new KeyNotFoundException($"the module's export \"{name}\" is a {other.Type}, not a {sort}"),
            null => throw new KeyNotFoundException($"the module exports no {sort} \"{name}\""),
        };
}
