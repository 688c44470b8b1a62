namespace Allotrope.Components;

/// <summary>Fills one interface of a <see cref="ComponentLinker{TState}"/>.</summary>
/// <typeparam name="TState">What the host keeps for each instance.</typeparam>
public sealed class ComponentLinkerInterface<TState>
{
    readonly ComponentLinker<TState> _linker;
    readonly HostDefinitions _definitions;

    internal ComponentLinkerInterface(ComponentLinker<TState> linker, HostDefinitions definitions) => (_linker, _definitions) = (linker, definitions);

    /// <summary>
    /// Offers a function. The delegate takes the state, if it wants it, and the function's parameters; it gives the result, or a ValueTask of it when
    /// it may have to wait. The C# types of values are those of docs/reference/wit-csharp.md. What it throws ends the guest's call and comes out of it.
    /// </summary>
    /// <param name="name">As the interface has it, such as <c>poll</c>, <c>[method]pollable.ready</c>, <c>[static]fields.from-list</c> or <c>[constructor]fields</c>.</param>
    /// <param name="body">What is called.</param>
    public ComponentLinkerInterface<TState> Function(string name, Delegate body)
    {
        _linker.Add(_definitions, name, body);
        return this;
    }

    /// <summary>
    /// Offers whatever functions a component imports of the interface, of whatever types: for a host that passes calls on. Values are as
    /// <see cref="ComponentInstance"/> lists them. Functions that pass resources cannot be offered so.
    /// </summary>
    /// <param name="of">
    /// Given a function's name and type, what is called: it takes the state and the arguments and gives the result, null for nothing. Null: no such function
    /// is offered. Asked once for each component that is linked.
    /// </param>
    public ComponentLinkerInterface<TState> Functions(Func<string, ComponentFunctionType, Func<TState, object?[], ValueTask<object?>>?> of)
    {
        _linker.Add(_definitions, of);
        return this;
    }

    /// <summary>
    /// Offers a resource, whose instances are objects of the C# type. It is the same resource in every interface that offers the type. An object that
    /// was given to a guest is disposed of, if it is disposable, when the guest drops its own handle or the instance is disposed of.
    /// </summary>
    public ComponentLinkerInterface<TState> Resource<T>(string name)
        where T : class
    {
        _linker.Add<T>(_definitions, name);
        return this;
    }
}
