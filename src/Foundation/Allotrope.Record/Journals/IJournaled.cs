namespace Allotrope.Record;

/// <summary>A state in memory that a <see cref="Journal{TWrite, TVerdict, TChange}"/> makes durable. The journal calls one method at a time.</summary>
/// <typeparam name="TWrite">What a caller wants.</typeparam>
/// <typeparam name="TVerdict">What becomes of it.</typeparam>
/// <typeparam name="TChange">What happens to the state; one event of the record.</typeparam>
public interface IJournaled<TWrite, TVerdict, TChange>
{
    /// <summary>Decides writes one after the other, each as if those before it had happened. Nothing has yet, and perhaps never will; it may be asked again.</summary>
    /// <param name="writes">What is wanted.</param>
    /// <param name="changes">Gets what they come to.</param>
    /// <returns>A verdict for each; what is thrown is the answer to all of them.</returns>
    List<TVerdict> Decide(List<TWrite> writes, List<TChange> changes);

    /// <summary>These happened: they are in the record.</summary>
    void Apply(List<TChange> changes);

    /// <summary>The state as a snapshot has it.</summary>
    byte[] Copy();
}
