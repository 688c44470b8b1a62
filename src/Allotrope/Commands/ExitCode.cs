using Allotrope.Kernel;

namespace Allotrope.Commands;

/// <summary>What a script can tell from the program's exit code. The numbers are part of the interface and never change their meaning.</summary>
static class ExitCode
{
    public const int Ok = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;

    /// <summary>By the convention of shells, 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Every code with its meaning, as the help shows them.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> Meanings =
    [
        (Ok, "done"),
        (Unexpected, "an error nobody foresaw: a fault of the program"),
        (Usage, "the command line, a blueprint or another input breaks a rule"),
        (3, "what was named does not exist"),
        (4, "refused: a signature, claim or right says no"),
        (5, "conflict: a revision, name, port or data folder is taken"),
        (6, "unreachable: no node runs, or a part of it does not answer"),
        (7, "a limit was reached"),
        (8, "no answer in time"),
        (9, "stored data is damaged"),
        (10, "an actor or provider answered with an error, or trapped"),
        (Interrupted, "interrupted"),
    ];

    public static int Of(Fault fault) => fault switch
    {
        Fault.Invalid => Usage,
        Fault.NotFound => 3,
        Fault.Refused => 4,
        Fault.Conflict => 5,
        Fault.Unreachable => 6,
        Fault.Exhausted => 7,
        Fault.TimedOut => 8,
        Fault.Damaged => 9,
        Fault.Failed => 10,
        _ => Unexpected,
    };
}
