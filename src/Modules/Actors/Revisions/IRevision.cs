namespace Allotrope.Actors;

/// <summary>One assignment made real: what answers calls, until another one takes its place.</summary>
interface IRevision : IWorkload, IAsyncDisposable
{
    /// <summary>How many calls run at once.</summary>
    int Instances { get; }

    /// <summary>Begins anew with every revision: other code, other conduct.</summary>
    Conduct Conduct { get; }

    /// <summary>Counts a call in; false once this is being disposed.</summary>
    bool TryEnter();

    /// <summary>The call has ended.</summary>
    void Exit();
}
