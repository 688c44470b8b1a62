using System.CommandLine;

namespace Allotrope.Commands;

/// <summary><c>allot actor inspect|replay|sign</c>: actors as files, without a node; <c>profile</c>: a look at one that runs.</summary>
static class ActorCommand
{
    public static Command Create() => new Command("actor", "Look into actors, replay their recorded calls, profile them and sign them") { ActorInspectCommand.Create(), ActorReplayCommand.Create(), ActorSignCommand.Create(), ActorProfileCommand.Create() };
}
