using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>The types of components and instances, which are lists of declarations.</content>
sealed partial class ComponentDecoder
{
    ComponentType ReadComponentType(ref BinaryCursor section, Scope outer)
    {
        var scope = Enter(ScopeKind.ComponentType, outer, section.Position);
        section.Byte();
        for (var left = section.Count(); left > 0; left--)
        {
            if (section.Peek() == 0x03)
            {
                section.Byte();
                ReadImport(ref section, scope);
            }
            else
            {
                ReadDeclarator(ref section, scope);
            }
        }

        return ScopeTypes.Component(scope);
    }

    InstanceType ReadInstanceType(ref BinaryCursor section, Scope outer)
    {
        var scope = Enter(ScopeKind.InstanceType, outer, section.Position);
        section.Byte();
        for (var left = section.Count(); left > 0; left--)
            ReadDeclarator(ref section, scope);
        return ScopeTypes.Instance(scope);
    }

    void ReadDeclarator(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        switch (section.Byte())
        {
            case 0x00: ReadCoreType(ref section, scope); break;
            case 0x01: ReadType(ref section, scope); break;
            case 0x02: ReadAlias(ref section, scope); break;
            case 0x04: ReadExportDeclaration(ref section, scope); break;
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a declaration of a type", at);
        }
    }

    void ReadImport(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var (name, attributes) = ReadName(ref section);
        var declared = ReadExternType(ref section, scope);
        var type = ScopeTypes.Open(declared, isExport: false, scope, _work);
        CheckAttributes(name, attributes, type, at);
        if (scope.ImportNames.TryAdd(name, type) is { } problem)
            throw new InvalidComponentException(problem, at);
        Match(at, () =>
        {
            if (!scope.Visibility.TryName(isExport: false, type, (declared as ComponentExternType.Bound)?.Is))
                throw new TypeMismatchException($"{type.Sort} not valid to be used as import: `{name.Text}` uses a type that no import gave a name");
        });
        CheckSize(type, at);
        scope.Imports.Add(name.Text, type);
        scope.Add(type);
        scope.Definitions.Add(new Definition.Import(name.Text, type));
    }

    void ReadExportDeclaration(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var (name, attributes) = ReadName(ref section);
        var declared = ReadExternType(ref section, scope);
        var type = ScopeTypes.Open(declared, isExport: true, scope, _work);
        CheckAttributes(name, attributes, type, at);
        Export(scope, name, declared, type, at);
    }

    void ReadExport(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        var (name, attributes) = ReadName(ref section);
        var what = ReadShareable(ref section, scope, "exported from a component", at);
        var found = scope.At(what);
        var declared = found;
        if (ReadFlag(ref section, "an optional type of an export"))
        {
            declared = ReadExternType(ref section, scope);
            Match(at, () => new Matching(_work).Require(found, declared));
        }

        var type = ScopeTypes.Open(declared, isExport: true, scope, _work);
        CheckAttributes(name, attributes, type, at);
        Export(scope, name, declared, type, at);
        scope.Definitions.Add(new Definition.Export(name.Text, what, type));
    }

    static void Export(Scope scope, ExternName name, ComponentExternType declared, ComponentExternType type, int at)
    {
        if (scope.ExportNames.TryAdd(name, type) is { } problem)
            throw new InvalidComponentException(problem, at);
        if (scope.Kind != ScopeKind.InstanceType)
        {
            Match(at, () =>
            {
                if (!scope.Visibility.TryName(isExport: true, type, (declared as ComponentExternType.Bound)?.Is))
                    throw new TypeMismatchException($"{type.Sort} not valid to be used as export: `{name.Text}` uses a type that no import or export gave a name");
            });
        }

        CheckSize(type, at);
        scope.Exports.Add(name.Text, type);
        scope.Add(type);
    }

    static void CheckSize(ComponentExternType type, int at)
    {
        if (type.Definition.Size > TypeDefinition.MostSize || type.Definition.Depth > TypeDefinition.MostDepth)
            throw new InvalidComponentException("the type is too large", at);
    }

    /// <summary>The type of an import or export as it is declared.</summary>
    static ComponentExternType ReadExternType(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        switch (section.Byte())
        {
            case 0x00:
                if (section.Byte() != 0x11)
                    throw new InvalidComponentException("invalid leading byte of a core type: of core sorts only modules can be imported and exported", at);
                return new ComponentExternType.Module(ModuleTypeAt(scope, section.Index(), at));
            case 0x01: return new ComponentExternType.Func(TypeAt<ComponentFunctionType>(ref section, scope, "function"));
            case 0x02: throw new InvalidComponentException("values of components are not supported", at);
            case 0x03: return ReadTypeBound(ref section, scope);
            case 0x04: return new ComponentExternType.Component(TypeAt<ComponentType>(ref section, scope, "component"));
            case 0x05: return new ComponentExternType.Instance(TypeAt<InstanceType>(ref section, scope, "instance"));
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of the type of an import or export", at);
        }
    }

    static ComponentExternType.Bound ReadTypeBound(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        switch (section.Byte())
        {
            case 0x00: return new(scope.Types[Declared(section.Index(), scope.Types.Count, "type", at)], IsAbstract: false);
            case 0x01: return new(new ResourceType(new ResourceIdentity()), IsAbstract: true);
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a type's bound", at);
        }
    }

    static T TypeAt<T>(ref BinaryCursor section, Scope scope, string what)
        where T : TypeDefinition
    {
        var at = section.Position;
        var index = Declared(section.Index(), scope.Types.Count, "type", at);
        return scope.Types[index] as T ?? throw new InvalidComponentException($"type index {index} is not {(what[0] == 'i' ? "an" : "a")} {what} type", at);
    }
}
