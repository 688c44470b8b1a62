using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>Core types: the engine's, and those of modules.</content>
sealed partial class ComponentDecoder
{
    const byte ModuleForm = 0x50;
    const byte OpenForm = 0x00;

    static void ReadCoreType(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        if (section.Peek() == ModuleForm)
        {
            section.Byte();
            var type = ReadModuleType(ref section, scope);
            scope.ModuleTypes.Add(scope.CoreTypes.Types.Count, type);
            scope.CoreTypes.Types.Add(StructType.Of([]));
            return;
        }

        // A type that others may extend begins with the same byte as a module's; it has another before it.
        if (section.Peek() == OpenForm)
        {
            section.Byte();
            if (section.Peek() != ModuleForm)
                throw new InvalidComponentException("invalid leading byte of a core type", at);
        }

        new ModuleDecoder(scope.CoreTypes).ReadGroup(ref section);
    }

    static ModuleType ReadModuleType(ref BinaryCursor section, Scope scope)
    {
        var types = new ModuleImage([]);
        var decoder = new ModuleDecoder(types);
        var imports = new Dictionary<(string, string), ExternType>();
        var exports = new Dictionary<string, ExternType>();
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            switch (section.Byte())
            {
                case 0x00:
                    var (module, name) = (section.Name(), section.Name());
                    if (!imports.TryAdd((module, name), decoder.ReadExternType(ref section)))
                        throw new InvalidComponentException($"duplicate import name `{module}:{name}`", at);
                    break;
                case 0x01:
                    if (section.Peek() == ModuleForm)
                        throw new InvalidComponentException("types of modules cannot be within one another", at);
                    if (section.Peek() == OpenForm)
                        section.Byte();
                    decoder.ReadGroup(ref section);
                    break;
                case 0x02:
                    ReadModuleAlias(ref section, scope, types);
                    break;
                case 0x03:
                    var export = section.Name();
                    if (!exports.TryAdd(export, decoder.ReadExternType(ref section)))
                        throw new InvalidComponentException($"export name `{export}` already defined", at);
                    break;
                case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a declaration of a module's type", at);
            }
        }

        return new(imports, exports);
    }

    /// <summary>A core type of a scope around the module's type.</summary>
    static void ReadModuleAlias(ref BinaryCursor section, Scope scope, ModuleImage types)
    {
        var at = section.Position;
        if (section.Byte() != 0x10 || section.Byte() != 0x01)
            throw new InvalidComponentException("invalid leading byte of an alias in a module's type: outer core types were expected", at);
        var levels = section.Index();
        var index = section.Index();
        if (levels == 0)
        {
            types.Types.Add(types.Types[Declared(index, types.Types.Count, "core type", at)]);
            return;
        }

        var target = Outer(scope, levels - 1, at);
        Declared(index, target.CoreTypes.Types.Count, "core type", at);
        if (target.ModuleTypes.ContainsKey(index))
            throw new InvalidComponentException("the type of a module cannot be used within another", at);
        types.Types.Add(target.CoreTypes.Types[index]);
    }

    static ModuleType ModuleTypeAt(Scope scope, int index, int at) =>
        scope.ModuleTypes.GetValueOrDefault(Declared(index, scope.CoreTypes.Types.Count, "core type", at))
        ?? throw new InvalidComponentException($"core type index {index} is not a module type", at);

    static Scope Outer(Scope scope, int levels, int at)
    {
        var target = scope;
        for (var i = 0; i < levels; i++)
            target = target.Outer ?? throw new InvalidComponentException($"invalid outer alias count of {levels}", at);
        return levels < 0 ? throw new InvalidComponentException("invalid outer alias count", at) : target;
    }
}
