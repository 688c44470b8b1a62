using Allotrope.Contracts;

namespace Allotrope.Actors;

/// <summary>One assignment made real, as far as its failures speak of it.</summary>
interface IRevision
{
    Assignment Assignment { get; }

    LogRing Log { get; }

    /// <summary>How long a call may take now.</summary>
    TimeSpan CallTime { get; }
}
