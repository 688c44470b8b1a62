using System.Collections.Concurrent;
using Allotrope.Artery;

namespace Allotrope.Arteries.Tests;

/// <summary>An artery that takes everything and does nothing with it.</summary>
sealed class SilentArtery : IArtery
{
    public ConcurrentDictionary<Origin, Account> Accounts { get; set; } = [];

    public int Waiting => 0;

    public int Said { get; private set; }

    public bool TrySay(in Intent intent)
    {
        Said++;
        if (Accounts.TryGetValue(intent.Origin, out var account))
            account.Pass(intent.Sequence, dropped: false);
        return true;
    }

    public void Beat()
    {
    }

    public bool TryCall(Invocation.Request call) => false;

    public void Answer(Invocation answer)
    {
    }

    public void Acknowledge(long ack)
    {
    }

    public void TellState(MergedState state)
    {
    }

    public void Close(CloseCode code, string text)
    {
    }
}
