namespace Allotrope.Bench.Arteries;

/// <summary>Who can hear one another.</summary>
static class Rooms
{
    public const string Pair = "pair";
    public const string Crowd = "crowd";

    /// <summary>Who listens in the crowd.</summary>
    public const int Listeners = 100;

    /// <summary>The rooms with the number of their members, of whom the first speaks.</summary>
    public static IReadOnlyList<(string Room, int Members)> All { get; } = [(Pair, 2), (Crowd, Listeners + 1)];
}
