namespace Allotrope.Kernel;

/// <summary>
/// What can go wrong, as one closed set that every part of the system speaks. A fault says what failed, where, what was expected
/// and what to do next in <see cref="Message"/>; the edge that shows it (command line, HTTP) translates it once, as its last step.
/// </summary>
/// <param name="Message">One sentence for a person: what, where, what was expected, what to do.</param>
public abstract record Fault(string Message)
{
    /// <summary>Input that breaks a rule. <paramref name="Where"/> is a file, line, key or byte offset.</summary>
    public sealed record Invalid(string Where, string Message) : Fault(Message)
    {
        /// <summary>The other problems found in the same input, one sentence each; <see cref="Fault.Message"/> is the first.</summary>
        public IReadOnlyList<string> More { get; init; } = [];
    }

    /// <summary>The thing named is not here.</summary>
    public sealed record NotFound(string Message) : Fault(Message);

    /// <summary>Well-formed but not allowed: signature, claim, grant or policy says no.</summary>
    public sealed record Refused(string Message) : Fault(Message);

    /// <summary>Somebody else was first: the revision, name or port is taken.</summary>
    public sealed record Conflict(string Message) : Fault(Message);

    /// <summary>Nobody answers at the hop named in the message.</summary>
    public sealed record Unreachable(string Message) : Fault(Message);

    /// <summary>A limit was reached: memory, time budget, queue, size.</summary>
    public sealed record Exhausted(string Message) : Fault(Message);

    /// <summary>No answer within the time the caller gave.</summary>
    public sealed record TimedOut(string Message) : Fault(Message);

    /// <summary>Stored data is not what was written.</summary>
    public sealed record Damaged(string Message) : Fault(Message);

    /// <summary>The other side answered, and its answer is an error of its own (a trap, an actor's error text).</summary>
    public sealed record Failed(string Message) : Fault(Message);

    /// <summary>The word for the kind of fault, by which it travels: <c>NotFound</c>.</summary>
    public string Kind => GetType().Name;

    /// <summary>The fault of a kind; <see cref="Failed"/> for a word that is none. <paramref name="where"/> is for <see cref="Invalid"/>.</summary>
    public static Fault Of(string kind, string message, string where = "") => kind switch
    {
        nameof(Invalid) => new Invalid(where, message),
        nameof(NotFound) => new NotFound(message),
        nameof(Refused) => new Refused(message),
        nameof(Conflict) => new Conflict(message),
        nameof(Unreachable) => new Unreachable(message),
        nameof(Exhausted) => new Exhausted(message),
        nameof(TimedOut) => new TimedOut(message),
        nameof(Damaged) => new Damaged(message),
        _ => new Failed(message),
    };
}
