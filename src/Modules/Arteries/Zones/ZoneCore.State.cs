using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <content>The state that services report.</content>
sealed partial class ZoneCore
{
    /// <summary>Of the zone's state, whose writing takes as long as forwarding an intent: a flood of questions is one too.</summary>
    const int StateBytesPerIntent = 64;

    /// <summary>A service reports state, and in answer to a first heartbeat what it knows.</summary>
    public void Report(Member member, IArtery artery, StateReport report)
    {
        lock (_gate)
        {
            if (member.Artery != artery || member.Run is not { } run)
                return;
            TakeFromFlood(member);
            _state.Merge(run.Origin, report);
            if (report.Known is not { } known)
                return;
            CheckSequence(known.NextSequence);
            run.Expect(known.NextSequence);
            _gaps.Know(member, known.Origins);
            TellWhenStabilized();
        }
    }

    /// <summary>The merged state, whole.</summary>
    public StateChange State()
    {
        lock (_gate)
            return _state.Since(0);
    }

    public void TellState(Member member, IArtery artery, long request)
    {
        lock (_gate)
        {
            TakeFromFlood(member, _state.Bytes / StateBytesPerIntent);
            artery.TellState(new MergedState(request, _state.Version, _state.Since(0).Services));
        }
    }
}
