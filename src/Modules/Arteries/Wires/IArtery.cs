using System.Collections.Concurrent;
using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>
/// An open artery as the core uses it, whatever it speaks: binary, the original JSON, or an actor's contract. Nothing here waits, and nothing that
/// belongs to the core is called back within a call except <see cref="Account.Pass"/> and <see cref="ZoneCore.Close"/>.
/// </summary>
interface IArtery
{
    /// <summary>
    /// What the member is told of others in the life that this artery belongs to: set as it opens, so that what it drops as it ends does not count in
    /// a later life.
    /// </summary>
    ConcurrentDictionary<Origin, Account> Accounts { get; set; }

    /// <summary>Intents that wait to be written.</summary>
    int Waiting { get; }

    /// <summary>Takes an intent to be written. What is taken is told to its <see cref="Account"/> once, when written or dropped.</summary>
    /// <returns>False when it is not taken, because the artery is closed or severed.</returns>
    bool TrySay(in Intent intent);

    /// <summary>
    /// Lets a heartbeat go out before all that waits; the artery asks <see cref="ZoneCore.MakeBeat"/> for it when its place has come.
    /// </summary>
    void Beat();

    /// <returns>False when it cannot be sent.</returns>
    bool TryCall(Invocation.Request call);

    void Answer(Invocation answer);

    void Acknowledge(long ack);

    void TellState(MergedState state);

    /// <summary>Begins to close; the core has already let go of it.</summary>
    void Close(CloseCode code, string text);
}
