using Allotrope.Kernel;

namespace Allotrope.Contracts;

/// <summary>One thing wrong with a document, or worth a look.</summary>
/// <param name="Found">What stands there: <c>unknown key 'instnces'</c>.</param>
/// <param name="Expected">What should, or what to do: <c>did you mean 'instances'?</c></param>
public sealed record Problem(Place At, string Found, string Expected)
{
    /// <summary>One sentence with the place in it.</summary>
    public override string ToString() => $"{Found} at {At}; {Expected}";

    /// <summary>All that is wrong with a document as one fault, in the order of the document.</summary>
    /// <param name="problems">At least one.</param>
    /// <param name="more">Sentences that follow.</param>
    public static Fault FaultOf(IEnumerable<Problem> problems, params IEnumerable<string> more)
    {
        var ordered = problems.OrderBy(problem => problem.At.Line).ThenBy(problem => problem.At.Column).ToList();
        return new Fault.Invalid(ordered[0].At.ToString(), ordered[0].ToString()) { More = [.. ordered.Skip(1).Select(problem => problem.ToString()), .. more] };
    }
}
