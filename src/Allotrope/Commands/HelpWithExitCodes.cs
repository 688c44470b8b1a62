using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Allotrope.Commands;

/// <summary>The usual help, and below it what the exit codes mean.</summary>
sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parsed)
    {
        var result = help.Invoke(parsed);
        var output = parsed.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCode.Meanings)
            output.WriteLine($"  {code,3}  {meaning}");
        return result;
    }
}
