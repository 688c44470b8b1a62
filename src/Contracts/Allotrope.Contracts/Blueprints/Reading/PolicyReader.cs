namespace Allotrope.Contracts;

/// <summary>Reads <c>spec.policies</c>.</summary>
sealed class PolicyReader(Problems problems)
{
    public IReadOnlyList<Policy> Read(Section spec)
    {
        var names = new HashSet<string>();
        return [.. spec.Mappings("policies").Select(mapping => Read(new(mapping, "a policy", problems, "name", "type", "properties"), names))];
    }

    Policy Read(Section section, HashSet<string> names)
    {
        var policy = new Policy(section.RequiredText("name"), section.RequiredText("type"), section.Texts("properties"));
        var (name, type, properties) = policy;
        if (name.Length > 0 && !Names.IsName(name))
            problems.Error(section.PlaceOf("name"), $"policy name '{Quote.Short(name)}'", Names.NameRule);
        else if (!names.Add(name) && name.Length > 0)
            problems.Error(section.PlaceOf("name"), $"a second policy '{name}'", "policies have different names");
        if (type == Policy.SecretType && !properties.ContainsKey("backend"))
            problems.Error(section.PlaceOf("properties"), "no 'backend'", "a policy for secrets names the backend that keeps them");
        else if (type.Length > 0 && type != Policy.SecretType)
            problems.Warn(section.PlaceOf("type"), $"policy type '{Quote.Short(type)}'",
                $"only '{Policy.SecretType}' has a meaning; this one is kept and not acted upon");
        return policy;
    }
}
