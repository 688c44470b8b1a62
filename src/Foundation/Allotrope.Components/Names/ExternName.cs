namespace Allotrope.Components;

/// <summary>The name of an import or export of a component, by its form ("externname" in the Component Model's explainer).</summary>
/// <param name="Text">The whole name.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Resource">The resource that a function belongs to, of annotated names.</param>
/// <param name="Member">The function's own name, of methods and static functions.</param>
sealed record ExternName(string Text, NameForm Form, string? Resource = null, string? Member = null)
{
    /// <summary>What must be unlike for two names of a scope (the explainer's "Name Uniqueness").</summary>
    internal string Unique => (Form switch
    {
        NameForm.Constructor => $"[constructor]{Resource}",
        NameForm.Method or NameForm.Static => string.Equals(Resource, Member, StringComparison.OrdinalIgnoreCase) ? Resource! : $"{Resource}.{Member}",
        _ => Text,
    }).ToLowerInvariant();

    /// <param name="text">The name.</param>
    /// <param name="problem">Why it is none, when the result is null.</param>
    internal static ExternName? Parse(string text, out string? problem)
    {
        problem = null;
        if (text.StartsWith('['))
            return ParseAnnotated(text, out problem);
        if (text.Contains(':'))
            return (problem = InterfaceProblem(text)) is null ? new(text, NameForm.Interface) : null;
        if (Label.IsValid(text))
            return new(text, NameForm.Plain);
        problem = $"`{text}` is not in kebab case, so it is not a valid extern name";
        return null;
    }

    static ExternName? ParseAnnotated(string text, out string? problem)
    {
        problem = null;
        var end = text.IndexOf(']');
        var form = (end < 0 ? "" : text[1..end]) switch
        {
            "constructor" => NameForm.Constructor,
            "method" => NameForm.Method,
            "static" => NameForm.Static,
            _ => NameForm.Plain,
        };
        if (form == NameForm.Plain)
        {
            problem = $"`{text}` is not in kebab case, so it is not a valid extern name: names may be annotated as [constructor], [method] or [static]";
            return null;
        }

        var rest = text[(end + 1)..];
        var dot = rest.IndexOf('.');
        if (form == NameForm.Constructor)
            return Label.IsValid(rest) ? new(text, form, rest) : Fail(rest, out problem);
        if (dot < 0)
        {
            problem = $"failed to find `.` character in `{text}`, which must name a resource and a function";
            return null;
        }

        var (resource, member) = (rest[..dot], rest[(dot + 1)..]);
        return !Label.IsValid(resource) ? Fail(resource, out problem)
            : !Label.IsValid(member) ? Fail(member, out problem)
            : new(text, form, resource, member);
    }

    static ExternName? Fail(string label, out string? problem)
    {
        problem = $"`{label}` is not in kebab case, so it is not a valid extern name";
        return null;
    }

    /// <summary>Why the text is no name of an interface such as <c>wasi:http/types@0.2.0</c>; null when it is one.</summary>
    internal static string? InterfaceProblem(string text)
    {
        var at = text.IndexOf('@');
        var path = at < 0 ? text : text[..at];
        var colon = path.IndexOf(':');
        if (colon < 0)
            return $"`{text}` is not a valid name of an interface: expected `:` after the namespace";
        var space = path[..colon];
        if (!Label.IsWords(space))
            return $"`{space}` is not in kebab case, so `{text}` is not a valid extern name";
        var package = path[(colon + 1)..];
        var slash = package.IndexOf('/');
        if (slash < 0)
            return $"expected `/` after package name in `{text}`";
        var label = package[(slash + 1)..];
        package = package[..slash];
        if (!Label.IsWords(package))
            return $"`{package}` is not in kebab case, so `{text}` is not a valid extern name";
        if (label.Contains('/'))
            return $"trailing characters found: `{label[label.IndexOf('/')..]}` in `{text}`";
        if (!Label.IsValid(label))
            return $"`{label}` is not in kebab case, so `{text}` is not a valid extern name";
        var version = at < 0 ? null : text[(at + 1)..];
        return version is null || SemanticVersion.IsCanonical(version) || SemanticVersion.Problem(version) is not { } problem
            ? null
            : $"`{version}` is not a valid semver: {problem}";
    }
}

/// <summary>How the name of an import or export is written.</summary>
enum NameForm
{
    /// <summary><c>label</c>.</summary>
    Plain,

    /// <summary><c>[constructor]resource</c>.</summary>
    Constructor,

    /// <summary><c>[method]resource.function</c>.</summary>
    Method,

    /// <summary><c>[static]resource.function</c>.</summary>
    Static,

    /// <summary><c>namespace:package/interface@version</c>.</summary>
    Interface,
}
