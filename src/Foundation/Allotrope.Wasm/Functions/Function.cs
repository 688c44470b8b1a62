using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>A function that WebAssembly can call and be given: compiled code of an instance, or a .NET delegate.</summary>
public sealed class Function
{
    /// <summary>The signature's number; what an indirect call compares.</summary>
    internal readonly int TypeId;

    /// <summary>
    /// Machine code taking the arguments and then <see cref="Target"/>. Both change once, together, when an interpreted function is compiled: by the guest's own
    /// thread, so that nobody reads one before and the other after.
    /// </summary>
    internal nint Code;

    /// <summary>The <see cref="Wasm.Instance"/>, <see cref="InterpretedFunction"/> or <see cref="HostBinding"/> the code runs for.</summary>
    internal object Target;

    /// <summary>What its code looks at to know whether it may run; null for a function of the host. Read by calls through references.</summary>
    internal readonly Guard? Guard;

    /// <summary>Whether its code counts its instructions.</summary>
    internal readonly bool IsMetered;

    internal Function(FunctionType type, nint code, object target)
    {
        Type = type;
        TypeId = type.Id;
        Code = code;
        Target = target;
        Instance = target as Instance ?? (target as InterpretedFunction)?.Instance;
        Guard = Instance?.Guard;
        IsMetered = Instance?.IsMetered ?? false;
    }

    public FunctionType Type { get; }

    /// <summary>The store whose guest this is; null for a function of the host.</summary>
    internal Store? Store => Instance?.Store;

    /// <summary>The instance whose function this is; null for a function of the host.</summary>
    internal Instance? Instance { get; }

    /// <summary>Who notes what the host does with the instance whose function this is.</summary>
    Recorder? Recorder => Instance?.Recorder;

    /// <summary>
    /// A function of the host. Parameters and results are int, uint, long, ulong, float, double, <see cref="Function"/> or object; several
    /// results are
    /// a value tuple; the first parameter may be an <see cref="Instance"/>: the one that imports the function. One that returns a
    /// <see cref="ValueTask"/>, with a result or without, may wait; see <see cref="CompileOptions.Suspendable"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The delegate has a parameter or result that WebAssembly has no type for.</exception>
    public static Function FromDelegate(Delegate body) => HostFunction.Create(body);

    /// <summary>
    /// A function of the host with parameters or results of other reference types than the two above stand for: all but functions are object in the
    /// delegate, and what it returns is checked.
    /// </summary>
    /// <param name="body">What to call.</param>
    /// <param name="type">The type it has for guests.</param>
    /// <exception cref="ArgumentException">The delegate does not fit the type.</exception>
    public static Function FromDelegate(Delegate body, FunctionType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return HostFunction.Create(body, type);
    }

    /// <summary>A function of the host whose signature is known only at run time. Its arguments travel in an array, so calls allocate.</summary>
    public static Function FromValues(FunctionType type, ValueCall body)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(body);
        return ValueFunction.Create(type, body);
    }

    /// <summary>Of a function of the host: the same with another delegate of the same type, without looking at it again.</summary>
    internal Function WithBody(Delegate body) => new(Type, Code, ((HostBinding)Target).With(body));

    /// <summary>Calls the function with values whose types are checked at run time.</summary>
    /// <param name="arguments">As many and of the types that <see cref="Type"/> says.</param>
    /// <param name="results">Room for exactly the results.</param>
    /// <exception cref="Trap">The guest trapped.</exception>
    /// <exception cref="ArgumentException">The number of arguments or results is another.</exception>
    /// <exception cref="InvalidOperationException">An argument is of another type.</exception>
    public void Invoke(ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        CheckCounts(arguments.Length, results.Length);
        if (Recorder is { } recorder)
            recorder.Enter(this, arguments, results);
        else
            Run(arguments, results);
    }

    /// <summary>
    /// Calls the function; the guest is suspended while a host function waits, where <see cref="CompileOptions.Suspendable"/> allows it. Whatever is
    /// thrown is in the task. Both memories are the guest's until the task has ended.
    /// </summary>
    /// <inheritdoc cref="Invoke"/>
    public ValueTask InvokeAsync(ReadOnlyMemory<Value> arguments, Memory<Value> results)
    {
        try
        {
            if (!CanBeSuspended)
            {
                Invoke(arguments.Span, results.Span);
                return default;
            }

            CheckCounts(arguments.Length, results.Length);
            return Type.Entries.InvokeAwaited(this, arguments.Span, results.Span) is { } suspension ? FinishAsync(suspension, results) : default;
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>From now on compiled code is called. On a thread that has the store.</summary>
    internal void BecomeCompiled(nint code, Instance instance)
    {
        if (Target == instance)
            return;
        Target = instance;
        Code = code;
    }

    /// <summary>Calls the function, whoever records it.</summary>
    internal void Run(ReadOnlySpan<Value> arguments, Span<Value> results)
    {
        if (Target is InterpretedFunction interpreted)
            Interpreter.Invoke(this, interpreted, arguments, results);
        else
            Type.Entries.Invoke(ForHost, arguments, results);
    }

    /// <summary>
    /// A delegate that calls the function without boxing or allocating. Make it once and keep it. One that returns a <see cref="ValueTask"/> with what the
    /// function gives does as <see cref="InvokeAsync"/>; it allocates only when the guest is suspended.
    /// </summary>
    /// <exception cref="ArgumentException">The delegate's signature is not the function's.</exception>
    /// <exception cref="Trap">Thrown by the delegate when the guest traps.</exception>
    public TDelegate AsDelegate<TDelegate>()
        where TDelegate : Delegate => (TDelegate)AsDelegate(typeof(TDelegate));

    /// <inheritdoc cref="AsDelegate{TDelegate}"/>
    internal Delegate AsDelegate(Type type) => EntryStubs.Create(Recorder?.EntryOf(this) ?? ForHost, type);

    public override string ToString() => $"function {Type}";

    /// <summary>For the host to call: an import that it has from a guest must not suspend that guest, as the host is on the stack above it.</summary>
    Function ForHost => Target is HostBinding { MaySuspend: true, Caller: { } caller } binding ? new(Type, Code, binding.For(caller, maySuspend: false)) : this;

    /// <summary>Whether its code may be left in the middle, if it was compiled for that.</summary>
    internal bool CanBeSuspended => Target is Instance && Recorder is null;

    async ValueTask FinishAsync(Suspension suspension, Memory<Value> results)
    {
        await Suspension.FinishAsync(suspension);
        Type.Entries.TakeResults(null, suspension, results.Span);
    }

    void CheckCounts(int arguments, int results)
    {
        if (arguments != Type.Parameters.Length || results != Type.Results.Length)
            throw new ArgumentException($"a function {Type} was given {arguments} arguments and room for {results} results", nameof(arguments));
    }

    /// <summary>An argument for a parameter that takes not every object.</summary>
    /// <exception cref="InvalidOperationException">It is none that the parameter takes.</exception>
    internal static object? CheckArgument(object? value, Function function, int parameter)
    {
        var type = function.Type.Parameters[parameter];
        return type.Accepts(value) ? value : throw new InvalidOperationException($"argument {parameter} is {value ?? "null"}, which is no {type}");
    }

    /// <summary>An argument that is a reference.</summary>
    internal static object? TakeArgument(Value value, Function function, int parameter) => value.AsReference(function.Type.Parameters[parameter]);

    /// <summary>Whether the function is of a type that others extend.</summary>
    internal static bool Is(Function function, int typeId, int depth) =>
        Casts.Has(function.Type, typeId, depth);

    /// <summary>Refuses what a reference leads to in another store; functions of the host are anybody's.</summary>
    internal static void CheckStore(Function function)
    {
        if (function.Guard is not null)
        {
            throw new InvalidOperationException(
                "a guest called a function of another store: stores share nothing, link through host functions instead");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Activation Enter(Function function) =>
        function.Guard is { } guard ? guard.Enter(function.IsMetered) : default;

    /// <summary>As <see cref="Enter"/>, for a call that may be suspended.</summary>
    internal static AwaitedActivation EnterAwaiting(Function function) =>
        function.Guard is { } guard ? guard.EnterAwaiting(function.IsMetered) : default;

    /// <summary>What is to go on later, when the call was suspended.</summary>
    internal static Suspension? Detach(Function function) => function.Guard?.Detach();

    internal static void LeaveAwaiting(Function function, AwaitedActivation outer) => function.Guard?.LeaveAwaiting(outer);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Leave(Function function, Activation outer)
    {
        function.Guard?.Leave(outer);
    }
}
