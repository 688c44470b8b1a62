using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>An instance of a component at work: what each of its index spaces holds, its handles, and who may enter and leave it.</summary>
sealed class InstanceState(Store store, InstanceState? parent, InstanceState? definer)
{
    readonly Dictionary<ResourceIdentity, InstanceResource> _resources = [];
    readonly Stack<CallScope> _scopes = [];
    readonly Stack<CallScope> _lendingAround = [];

    internal Store Store { get; } = store;

    /// <summary>The outermost instance around it.</summary>
    internal InstanceState Root => Parent?.Root ?? this;

    /// <summary>Of the outermost instance, what the host keeps for it.</summary>
    internal object? HostState { get; init; }

    /// <summary>Of the outermost instance, those within it.</summary>
    internal List<InstanceState> Inner { get; } = [];

    /// <summary>The instance that it was made in.</summary>
    internal InstanceState? Parent { get; } = parent;

    /// <summary>The instance in which its component was defined, whose definitions it may refer to.</summary>
    internal InstanceState? Definer { get; } = definer;

    internal List<Function> CoreFunctions { get; } = [];

    internal List<Table> CoreTables { get; } = [];

    internal List<Memory> CoreMemories { get; } = [];

    internal List<Global> CoreGlobals { get; } = [];

    internal List<Tag> CoreTags { get; } = [];

    internal List<Module> CoreModules { get; } = [];

    internal List<IReadOnlyDictionary<string, object>> CoreInstances { get; } = [];

    internal List<ComponentFunction> Functions { get; } = [];

    /// <summary>Types by index: resources, and null for what instances have nothing to do for.</summary>
    internal List<InstanceResource?> Types { get; } = [];

    internal List<ComponentClosure> Components { get; } = [];

    internal List<InstanceExports> Instances { get; } = [];

    internal HandleTable Handles { get; } = new(store);

    /// <summary>Whether a call is in it: one under way, or one that trapped.</summary>
    internal bool IsEntered { get; private set; }

    /// <summary>False while the guest gives room for values or clears up after a call: it may call nobody then.</summary>
    internal bool MayLeave { get; set; } = true;

    /// <summary>The call that the instance is in.</summary>
    internal CallScope Current { get; set; } = new();

    /// <summary>What the instance lends to the function that it calls. Calls around that one have lent what is theirs.</summary>
    internal CallScope Lending { get; private set; } = new();

    /// <summary>Whether its code may have several calls under way, so that each is a task with threads of its own.</summary>
    internal bool IsConcurrent { get; init; }

    /// <summary>What it has under way at once.</summary>
    internal InstanceTasks Tasks => field ??= new(this);

    /// <exception cref="ComponentTrap">The guest gives room for values or clears up after a call.</exception>
    internal void RequireMayLeave()
    {
        if (!MayLeave)
            throw ComponentTrap.CannotLeave();
    }

    /// <summary>The thread that runs in it.</summary>
    /// <exception cref="ComponentTrap">None does: it is being made, or has no threads.</exception>
    internal GuestThread RequireThread() => Current.Thread ?? throw new ComponentTrap("cannot block a synchronous task before returning");

    /// <summary>Begins a call of a synchronous function.</summary>
    /// <returns>The call around it.</returns>
    internal CallScope Push()
    {
        var outer = Current;
        Current = _scopes.TryPop(out var scope) ? scope : new CallScope();
        return outer;
    }

    /// <summary>Ends the call that <see cref="Push"/> began. What traps never comes here.</summary>
    internal void Pop(CallScope outer)
    {
        Current.Clear();
        _scopes.Push(Current);
        Current = outer;
    }

    /// <summary>Begins a call that handles are lent to. An instance around others is called by them while it calls one.</summary>
    internal void BeginLending()
    {
        _lendingAround.Push(Lending);
        Lending = _scopes.TryPop(out var scope) ? scope : new CallScope();
    }

    /// <summary>Ends the call that <see cref="BeginLending"/> began.</summary>
    internal void GiveBack()
    {
        Lending.GiveBack();
        _scopes.Push(Lending);
        Lending = _lendingAround.Pop();
    }

    /// <summary>Calls core code for the instance's own sake, in a call of its own. Exceptions of guests end here.</summary>
    internal void CallAside(Function function, ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        var outer = Push();
        LiftedFunction.Invoke(function, arguments, results);
        Pop(outer);
    }

    /// <summary>Disposes of the host's objects that it and the instances within it own.</summary>
    internal void Dispose()
    {
        Handles.Dispose();
        foreach (var inner in Inner)
            inner.Handles.Dispose();
    }

    /// <summary>The memory that values are passed in; null for none. Several numbers may be of the same.</summary>
    internal Memory? MemoryOf(CanonicalOptions options) => options.Memory is { } index ? CoreMemories[index] : null;

    /// <summary>Which resource a type of this instance's component means here.</summary>
    internal InstanceResource ResourceOf(ResourceType type) => _resources[type.Identity];

    internal void Bind(ResourceIdentity identity, InstanceResource resource) => _resources[identity] = resource;

    /// <summary>Whether no call is in it and the instances around it, as far as the caller is not in them.</summary>
    internal bool MayEnterFrom(InstanceState? caller)
    {
        for (var each = this; each is not null && !IsAround(each, caller); each = each.Parent)
        {
            if (each.IsEntered)
                return false;
        }

        return true;
    }

    /// <summary>Enters it and the instances around it, as far as the caller is not in them. What traps inside never leaves.</summary>
    internal void EnterFrom(InstanceState? caller)
    {
        if (!MayEnterFrom(caller))
            throw ComponentTrap.CannotEnter();
        for (var each = this; each is not null && !IsAround(each, caller); each = each.Parent)
            each.IsEntered = true;
    }

    /// <summary>It broke a rule while another instance ran: it cannot be entered any more.</summary>
    internal void Break()
    {
        for (var each = this; each is not null; each = each.Parent)
            each.IsEntered = true;
    }

    internal void LeaveTo(InstanceState? caller)
    {
        for (var each = this; each is not null && !IsAround(each, caller); each = each.Parent)
            each.IsEntered = false;
    }

    static bool IsAround(InstanceState outer, InstanceState? inner)
    {
        for (; inner is not null; inner = inner.Parent)
        {
            if (inner == outer)
                return true;
        }

        return false;
    }
}

/// <summary>A component with the instance around it, whose definitions it may refer to.</summary>
sealed record ComponentClosure(Component Component, InstanceState? Outer);

/// <summary>What an instance offers, by name: modules, functions, resources (null for other types), components and instances.</summary>
sealed class InstanceExports : Dictionary<string, object?>;
