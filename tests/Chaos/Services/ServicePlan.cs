using Allotrope.Contracts;

namespace Allotrope.Chaos.Services;

/// <summary>What kind of service takes part in a storm.</summary>
/// <param name="Intent">The name of all intents it says.</param>
/// <param name="Receive">What it is sent, as a label has it; empty for all.</param>
/// <param name="CoreDials">Whether the core dials it instead of it the core.</param>
/// <param name="CoreQueue">Intents that wait for it at most.</param>
/// <param name="OwnQueue">Intents that wait for the core at most.</param>
sealed record ServicePlan(
    string Zone, string Name, string Intent, string Receive = "", bool CoreDials = false, bool Backlog = false, int CoreQueue = 4096, int OwnQueue = 1024,
    SlowPolicy Slow = SlowPolicy.DropOldest)
{
    /// <summary>Whether it is sent what another says.</summary>
    public bool Hears(ServicePlan other) => Zone == other.Zone && Name != other.Name && (Receive.Length == 0 || Receive == other.Intent);
}
