namespace Allotrope.Components;

/// <summary>
/// Whether what there is may stand where something is wanted (the explainer's "Type Checking"). Resources that the wanted type introduces become those
/// that are found in their places; what follows is compared with them.
/// </summary>
sealed class Matching(TypeWork work)
{
    readonly Dictionary<ResourceIdentity, ResourceIdentity> _bound = [];

    readonly Dictionary<TypeDefinition, TypeDefinition> _names = new(ReferenceEqualityComparer.Instance);
    int _inside;

    /// <summary>What becomes of a type that was checked against what was found.</summary>
    internal Substitution Substitution => new(work, new(_bound), _names);

    /// <exception cref="TypeMismatchException">It does not.</exception>
    internal void Require(ComponentExternType found, ComponentExternType wanted)
    {
        work.Step();
        switch (found, wanted)
        {
            case (ComponentExternType.Module one, ComponentExternType.Module other): RequireModule(one.Type, other.Type); break;
            case (ComponentExternType.Func one, ComponentExternType.Func other): RequireFunction(one.Type, other.Type); break;
            case (ComponentExternType.Instance one, ComponentExternType.Instance other): RequireExports(one.Type.Exports, other.Type.Exports); break;
            case (ComponentExternType.Component one, ComponentExternType.Component other): RequireComponent(one.Type, other.Type); break;
            case (ComponentExternType.Bound one, ComponentExternType.Bound { IsAbstract: true } other):
                if (one.Is is not ResourceType resource)
                    throw new TypeMismatchException("expected a resource, found a type of another kind");
                Bind(((ResourceType)other.Is).Identity, resource.Identity);
                Name(resource, other.Is);
                break;
            case (ComponentExternType.Bound one, ComponentExternType.Bound other):
                RequireSame(one.Is, other.Is);
                Name(one.Is, other.Is);
                break;
            default: throw new TypeMismatchException($"expected {wanted.Sort}, found {found.Sort}");
        }
    }

    /// <summary>Whether two types of values are the same.</summary>
    internal bool AreSame(WitType? one, WitType? other)
    {
        if (one is null || other is null)
            return one is null && other is null;
        work.Step();
        if (one == other)
            return true;
        work.Step(one.LabelCount);
        if (!one.HasShapeOf(other))
            return false;
        if (one is HandleType handle)
            return AreSame(handle.Resource.Identity, ((HandleType)other).Resource.Identity);
        for (var i = 0; i < one.Parts.Length; i++)
        {
            if (!AreSame(one.Parts[i], other.Parts[i]))
                return false;
        }

        return true;
    }

    /// <summary>From here on the one stands for the other.</summary>
    void Bind(ResourceIdentity wanted, ResourceIdentity found)
    {
        var meant = Resolve(found);
        if (meant != wanted)
            _bound[wanted] = meant;
    }

    /// <summary>Whoever gave the type calls it so.</summary>
    void Name(TypeDefinition found, TypeDefinition wanted)
    {
        if (_inside == 0 && wanted.MentionsNames && wanted is WitType or ResourceType)
            _names[wanted] = found;
    }

    bool AreSame(ResourceIdentity one, ResourceIdentity other) => Resolve(one) == Resolve(other);

    ResourceIdentity Resolve(ResourceIdentity identity)
    {
        while (_bound.TryGetValue(identity, out var next))
            identity = next;
        return identity;
    }

    void RequireSame(TypeDefinition found, TypeDefinition wanted)
    {
        switch (found, wanted)
        {
            case (WitType one, WitType other):
                if (!AreSame(one, other))
                    throw new TypeMismatchException($"expected type {other}, found {one}");
                break;
            case (ResourceType one, ResourceType other):
                if (!AreSame(one.Identity, other.Identity))
                    throw new TypeMismatchException("resource types are not the same");
                break;
            case (ComponentFunctionType one, ComponentFunctionType other): RequireFunction(one, other); break;
            case (InstanceType one, InstanceType other):
                Scoped(() => RequireExports(one.Exports, other.Exports));
                Scoped(() => RequireExports(other.Exports, one.Exports));
                break;
            case (ComponentType one, ComponentType other):
                RequireComponent(one, other);
                RequireComponent(other, one);
                break;
            case (ModuleType one, ModuleType other):
                RequireModule(one, other);
                RequireModule(other, one);
                break;
            default: throw new TypeMismatchException("expected a type of another kind");
        }
    }

    void RequireFunction(ComponentFunctionType found, ComponentFunctionType wanted)
    {
        if (found.IsAsync != wanted.IsAsync)
            throw new TypeMismatchException($"expected {wanted}, found {found}");
        if (found.Parameters.Length != wanted.Parameters.Length)
            throw new TypeMismatchException($"expected {wanted.Parameters.Length} parameters, found {found.Parameters.Length}");
        for (var i = 0; i < found.Parameters.Length; i++)
        {
            var (one, other) = (found.Parameters[i], wanted.Parameters[i]);
            if (one.Name != other.Name)
                throw new TypeMismatchException($"expected parameter named `{other.Name}`, found `{one.Name}`");
            if (!AreSame(one.Type, other.Type))
                throw new TypeMismatchException($"type mismatch in function parameter `{one.Name}`: expected {other.Type}, found {one.Type}");
        }

        if (!AreSame(found.Result, wanted.Result))
            throw new TypeMismatchException($"type mismatch with result type: expected {wanted.Result?.ToString() ?? "none"}, found {found.Result?.ToString() ?? "none"}");
    }

    void RequireExports(IReadOnlyDictionary<string, ComponentExternType> found, IReadOnlyDictionary<string, ComponentExternType> wanted)
    {
        foreach (var (name, type) in wanted)
        {
            if (!found.TryGetValue(name, out var one))
                throw new TypeMismatchException($"missing expected export `{name}`");
            Named(name, one, type);
        }
    }

    /// <summary>A component may need less and offer more than is wanted. What it needs is asked of what the wanted one would be given.</summary>
    void RequireComponent(ComponentType found, ComponentType wanted) => Scoped(() =>
    {
        foreach (var (name, type) in found.Imports)
        {
            if (!wanted.Imports.TryGetValue(name, out var given))
                throw new TypeMismatchException($"missing expected import `{name}`");
            Named(name, given, type);
        }

        RequireExports(found.Exports, wanted.Exports);
    });

    static void RequireModule(ModuleType found, ModuleType wanted)
    {
        foreach (var (name, type) in found.Imports)
        {
            if (!wanted.Imports.TryGetValue(name, out var given))
                throw new TypeMismatchException($"missing expected import `{name.Module}::{name.Name}`");
            if (!CoreMatching.Satisfies(given, type))
                throw new TypeMismatchException($"type mismatch in import `{name.Module}::{name.Name}`: expected {type}, found {given}");
        }

        foreach (var (name, type) in wanted.Exports)
        {
            if (!found.Exports.TryGetValue(name, out var one))
                throw new TypeMismatchException($"missing expected export `{name}`");
            if (!CoreMatching.Satisfies(one, type))
                throw new TypeMismatchException($"type mismatch in export `{name}`: expected {type}, found {one}");
        }
    }

    void Named(string name, ComponentExternType found, ComponentExternType wanted)
    {
        try
        {
            Require(found, wanted);
        }
        catch (TypeMismatchException e)
        {
            throw new TypeMismatchException($"type mismatch for `{name}`: {e.Message}");
        }
    }

    /// <summary>What is bound inside means nothing outside.</summary>
    void Scoped(Action body)
    {
        work.Step(_bound.Count);
        var before = _bound.ToArray();
        _inside++;
        try
        {
            body();
        }
        finally
        {
            _inside--;
            _bound.Clear();
            foreach (var (wanted, found) in before)
                _bound.Add(wanted, found);
        }
    }
}
