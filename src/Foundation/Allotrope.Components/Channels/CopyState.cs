namespace Allotrope.Components;

/// <summary>What an end of a stream or future is doing.</summary>
enum CopyState
{
    Idle,
    Copying,
    Cancelling,

    /// <summary>Nothing will be copied any more.</summary>
    Done,
}
