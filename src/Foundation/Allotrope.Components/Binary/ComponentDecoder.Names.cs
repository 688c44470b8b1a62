using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>Names of imports and exports, with what else is said about them.</content>
sealed partial class ComponentDecoder
{
    /// <summary>What is said of an import or export beside its name. Only the validity of it is of interest here.</summary>
    /// <param name="Implements">The interface that an instance implements under a name of its own.</param>
    /// <param name="VersionSuffix">What was cut off the version in the name.</param>
    readonly record struct Attributes(string? Implements, string? VersionSuffix);

    static (ExternName Name, Attributes Attributes) ReadName(ref BinaryCursor section)
    {
        var at = section.Position;
        var form = section.Byte();
        if (form > 2)
            throw new InvalidComponentException($"invalid leading byte 0x{form:x2} of a name", at);
        var name = ExternName.Parse(section.Name(), out var problem) ?? throw new InvalidComponentException(problem!, at);
        return (name, form == 2 ? ReadAttributes(ref section) : default);
    }

    static Attributes ReadAttributes(ref BinaryCursor section)
    {
        string?[] values = [null, null, null];
        string[] names = ["implements", "versionsuffix", "external-id"];
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            var kind = section.Byte();
            if (kind > 2)
                throw new InvalidComponentException($"invalid leading byte 0x{kind:x2} of an attribute of a name", at);
            if (values[kind] is not null)
                throw new InvalidComponentException($"duplicate '{names[kind]}' option in name", at);
            values[kind] = section.Name();
        }

        return new(values[0], values[1]);
    }

    static void CheckAttributes(ExternName name, Attributes attributes, ComponentExternType type, int at)
    {
        if (attributes.Implements is { } implements)
        {
            if (ExternName.InterfaceProblem(implements) is { } problem)
                throw new InvalidComponentException($"what `implements` names is not a valid name: it must be an interface, and {problem}", at);
            if (type is not ComponentExternType.Instance)
                throw new InvalidComponentException("only instances can have an `implements`", at);
            if (name.Form != NameForm.Plain)
                throw new InvalidComponentException($"name `{name.Text}` is not valid with `implements`", at);
        }

        if (attributes.VersionSuffix is { } suffix)
        {
            var version = name.Form == NameForm.Interface && name.Text.Contains('@') ? name.Text[(name.Text.IndexOf('@') + 1)..] : "";
            if (!SemanticVersion.IsCanonical(version) || SemanticVersion.Problem(version + suffix) is not null)
                throw new InvalidComponentException($"`{suffix}` does not complete the version of `{name.Text}`", at);
        }
    }
}
