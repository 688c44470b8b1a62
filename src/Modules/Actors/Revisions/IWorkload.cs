using Allotrope.Contracts;

namespace Allotrope.Actors;

/// <summary>What calls end in, as far as their failures speak of it.</summary>
interface IWorkload
{
    Assignment Assignment { get; }

    LogRing Log { get; }

    /// <summary>How long a call may take now.</summary>
    TimeSpan CallTime { get; }
}
