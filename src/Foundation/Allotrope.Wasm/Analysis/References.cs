namespace Allotrope.Wasm;

/// <summary>Whether references that a module did not make can come into it: then a call through one may lead anywhere.</summary>
sealed class References(ModuleImage image, HostConduct host)
{
    internal bool ComeFromOutside =>
        image.Imports.Exists(import => Carries(import.Type, fromOutside: true))
        || image.Exports.Exists(export => Carries(export.Type, fromOutside: false));

    /// <summary>What somebody outside may put a reference into, or give back with one.</summary>
    bool Carries(ExternType type, bool fromOutside) => type switch
    {
        ExternType.Func function => Any(fromOutside ? function.Type.Results : function.Type.Parameters),
        ExternType.Tag tag => Any(tag.Type.Parameters),
        ExternType.Table => fromOutside || host == HostConduct.Free,
        ExternType.Global global => global.Type.IsReference && (fromOutside || (global.Mutable && host == HostConduct.Free)),
        _ => false,
    };

    static bool Any(IEnumerable<WasmType> types) => types.Any(type => type.IsReference);
}
