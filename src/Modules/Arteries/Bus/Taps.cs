using Allotrope.Artery;

namespace Allotrope.Arteries;

/// <summary>Several who look at one zone.</summary>
sealed class Taps(params IIntentTap[] taps) : IIntentTap
{
    public bool IsWanted
    {
        get
        {
            foreach (var tap in taps)
                if (tap.IsWanted)
                    return true;
            return false;
        }
    }

    public void See(in Intent intent)
    {
        foreach (var tap in taps)
            if (tap.IsWanted)
                tap.See(intent);
    }
}
