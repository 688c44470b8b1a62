using System.CommandLine;
using Allotrope.DataFolder;

namespace Allotrope.Commands;

/// <summary>The option that names who signs.</summary>
static class SigningKey
{
    public static readonly Option<string> Option = new("--key")
    {
        Description = "The key that signs: a name in the data folder, or a seed file",
        HelpName = "KEY",
        DefaultValueFactory = _ => KeyFolder.UserKey,
    };
}
