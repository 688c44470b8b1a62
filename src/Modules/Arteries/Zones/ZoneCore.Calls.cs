using Invocation = Allotrope.Artery.Invocation;

namespace Allotrope.Arteries;

/// <content>The calls from service to service.</content>
sealed partial class ZoneCore
{
    /// <summary>What the status costs for each member, in intents.</summary>
    const int IntentsPerStatus = 8;

    /// <summary>A service calls another. Its name as caller is the artery's, whatever it says.</summary>
    public void Call(Member member, IArtery artery, Invocation.Request call)
    {
        lock (_gate)
        {
            if (member.Artery != artery)
                return;
            TakeFromFlood(member, call.Target == CoreSpeech.Origin ? IntentsPerStatus * _members.Count : 0);
            if (call.Target == CoreSpeech.Origin)
                artery.Answer(CoreMethods.Answer(call, Status()));
            else
                _calls.Begin(call with { Caller = member.Name }, _named.GetValueOrDefault(call.Target), answer =>
                {
                    if (member.Artery == artery)
                        artery.Answer(answer);
                });
        }
    }

    public void CallAnswered(Member member, Invocation answer)
    {
        lock (_gate)
        {
            TakeFromFlood(member);
            _calls.End(answer.Id, member, answer);
        }
    }
}
