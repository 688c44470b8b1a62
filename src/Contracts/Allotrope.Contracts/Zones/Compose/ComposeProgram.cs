namespace Allotrope.Contracts;

/// <summary>How a compose file says to start one of its services, for who starts it without a container.</summary>
/// <param name="Zone">The zone it is a service of; <see langword="null"/> for one of none.</param>
/// <param name="Command">The program and its arguments; a command that is one text is given to the shell, as text.</param>
/// <param name="Environment">What the file sets for it, nothing filled in.</param>
public sealed record ComposeProgram(string Service, string? Zone, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>What a service's body says; <see langword="null"/> when it has no <c>command</c>.</summary>
    internal static ComposeProgram? Read(string service, string? zone, ComposeMapping body) => body.Value("command") switch
    {
        Node.Scalar { Text.Length: > 0 } text => new(service, zone, ["/bin/sh", "-c", text.Text], EnvironmentOf(body)),
        Node.Sequence { Items: [Node.Scalar, ..] items } => new(
            service, zone, [.. items.OfType<Node.Scalar>().Select(item => item.Text)], EnvironmentOf(body)),
        _ => null,
    };

    /// <summary>List form: <c>- A=b</c>; map form: <c>A: b</c>. One without a value is what it is here already.</summary>
    static Dictionary<string, string> EnvironmentOf(ComposeMapping body)
    {
        var environment = new Dictionary<string, string>();
        switch (body.Value("environment"))
        {
            case Node.Sequence list:
                foreach (var item in list.Items.OfType<Node.Scalar>())
                    if (item.Text.Split('=', 2) is [{ Length: > 0 } name, var value])
                        environment[name] = value;
                break;
            case Node.Mapping mapping:
                foreach (var (key, _, value) in new ComposeMapping(mapping).Entries)
                    if (value is Node.Scalar { IsNothing: false } scalar)
                        environment[key] = scalar.Text;
                break;
        }
        return environment;
    }
}
