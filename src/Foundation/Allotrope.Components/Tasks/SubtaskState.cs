namespace Allotrope.Components;

/// <summary>How far a call is, as its caller is told.</summary>
enum SubtaskState
{
    Starting = 0,
    Started = 1,
    Returned = 2,
    CancelledBeforeStarted = 3,
    CancelledBeforeReturned = 4,
}
