using System.CommandLine;

namespace Allotrope.Commands;

/// <summary><c>allot completion bash|zsh|fish</c>: the script that lets a shell complete the command line by asking the program.</summary>
static class CompletionCommand
{
    static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish" };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new Command("completion", "Print a completion script: source <(allot completion bash)") { Shell }.Runs((parsed, session) =>
        {
            session.Output.Raw(parsed.GetRequiredValue(Shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return Task.CompletedTask;
        });
    }

    // Each asks `allot [suggest:POSITION] LINE`, which prints one completion a line.
    const string Bash = """
        _allot() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _allot allot
        """;

    const string Zsh = """
        #compdef allot
        _allot() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- $found || _files
        }
        compdef _allot allot
        """;

    const string Fish = """
        complete -c allot -a '(set -l line (commandline -cp); set -l words (string split " " -- $line); $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'
        """;
}
