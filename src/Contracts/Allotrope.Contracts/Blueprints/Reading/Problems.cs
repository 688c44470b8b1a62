using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>Gathers what is wrong with one document, so that its author sees everything at once.</summary>
sealed class Problems
{
    /// <summary>Beyond this many nobody reads on, and a hostile document shall not make us write a book.</summary>
    const int Most = 50;

    readonly List<Problem> _errors = [];
    readonly List<Problem> _warnings = [];
    int _left;

    public bool Any => _errors.Count > 0;

    public IReadOnlyList<Problem> Errors => _errors;

    public IReadOnlyList<Problem> Warnings => _warnings;

    public void Error(Place at, string found, string expected) => _left += Add(_errors, new(at, found, expected)) ? 0 : 1;

    public void Warn(Place at, string found, string expected) => Add(_warnings, new(at, found, expected));

    /// <exception cref="FaultException">With every error found, in the order of the document.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new FaultException(Problem.FaultOf(_errors, Left()));
    }

    IEnumerable<string> Left() => _left > 0 ? [$"and {_left} more that are not listed; mend these first"] : [];

    static bool Add(List<Problem> list, Problem problem)
    {
        if (list.Count == Most)
            return false;
        list.Add(problem);
        return true;
    }
}
