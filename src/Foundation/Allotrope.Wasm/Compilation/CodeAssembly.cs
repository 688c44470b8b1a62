using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>Collectible assemblies for generated code that may use this library's internal types.</summary>
static class CodeAssembly
{
    static readonly ConstructorInfo IgnoresAccessChecks = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;

    /// <summary>A static class in an assembly of its own.</summary>
    internal static TypeBuilder DefineClass(string name) => DefineClass(DefineModule(name), name);

    /// <summary>A place for classes that are unloaded together.</summary>
    internal static ModuleBuilder DefineModule(string name)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.RunAndCollect);
        return DefineModule(assembly, name);
    }

    /// <summary>An assembly to be written down; it cannot run itself.</summary>
    internal static PersistedAssemblyBuilder DefinePersisted(string name) => new(new AssemblyName(name), typeof(object).Assembly);

    internal static ModuleBuilder DefineModule(AssemblyBuilder assembly, string name)
    {
        assembly.SetCustomAttribute(new CustomAttributeBuilder(IgnoresAccessChecks, [typeof(CodeAssembly).Assembly.GetName().Name!]));
        return assembly.DefineDynamicModule(name);
    }

    internal static TypeBuilder DefineClass(ModuleBuilder module, string name) =>
        module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract);
}
