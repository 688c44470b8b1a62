namespace Allotrope.Components;

/// <summary>The names of all imports or of all exports of one scope, and what they say about what they name.</summary>
/// <param name="what">"import" or "export", for messages.</param>
/// <param name="knowsResources">Whether functions may be of resources that have their names here.</param>
sealed class NameContext(string what, bool knowsResources = true)
{
    readonly UniqueNames _names = new();
    readonly Dictionary<string, ResourceIdentity> _resources = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why nothing of the type may have the name here; null when it has it now.</summary>
    internal string? TryAdd(ExternName name, ComponentExternType type)
    {
        if (Problem(name, type) is { } problem)
            return problem;
        if (_names.TryAdd(name) is { } other)
            return $"{what} name `{name.Text}` conflicts with previous name `{other}`";
        if (knowsResources && type is ComponentExternType.Bound { Is: ResourceType resource } && name.Form == NameForm.Plain)
        {
            _resources[name.Text] = resource.Identity;
            resource.Identity.Name ??= name.Text;
        }

        return null;
    }

    string? Problem(ExternName name, ComponentExternType type)
    {
        if (name.Form is NameForm.Plain or NameForm.Interface)
            return null;
        if (type is not ComponentExternType.Func { Type: var function })
            return $"`{name.Text}` is not a func";
        return name.Form switch
        {
            NameForm.Constructor => ConstructorProblem(name.Resource!, function),
            NameForm.Method => MethodProblem(name.Resource!, function),
            _ => _resources.ContainsKey(name.Resource!) ? null : "static resource name is not known in this context",
        };
    }

    string? ConstructorProblem(string resource, ComponentFunctionType function)
    {
        if (function.Result is not { } result)
            return "a constructor should return one value";
        var made = result is VariantType { Form: VariantForm.Result } either ? either.Cases[0].Type : result;
        return made is HandleType { IsBorrow: false } own
            ? ResourceProblem(resource, own.Resource)
            : "function should return `(own $T)` or `(result (own $T))`";
    }

    string? MethodProblem(string resource, ComponentFunctionType function) =>
        function.Parameters.IsEmpty ? "a method should have at least one argument"
        : function.Parameters[0].Name != "self" ? "a method should have a first argument called `self`"
        : function.Parameters[0].Type is not HandleType { IsBorrow: true } borrow ? "a method should take a first argument of `(borrow $T)`"
        : ResourceProblem(resource, borrow.Resource);

    string? ResourceProblem(string resource, ResourceType found) =>
        !_resources.ContainsValue(found.Identity) ? "resource used in function does not have a name in this context"
        : _resources.GetValueOrDefault(resource) != found.Identity ? $"function does not match expected resource name `{resource}`"
        : null;
}
