using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Allotrope.Wasm;

/// <summary>
/// A program that runs <see cref="FaultTrial"/>, written where it is needed: a library cannot be started, and to start the program that uses it once
/// more would do whatever that program does. It runs on the very runtime that this process has, which takes an installed one: programs that bring
/// their own in one file have none to start.
/// </summary>
static class TrialProgram
{
    const string Name = "trial";

    static string RuntimeFolder => Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";

    /// <summary>The host that starts programs on this runtime, or null: it is beside the folder <c>shared/Microsoft.NETCore.App/10.0.0</c>.</summary>
    internal static string? Host
    {
        get
        {
            var host = Path.GetFullPath(Path.Combine(RuntimeFolder, "..", "..", "..", "dotnet"));
            return RuntimeFolder.Length > 0 && Path.GetFileName(Path.GetDirectoryName(RuntimeFolder)) == "Microsoft.NETCore.App" && File.Exists(host) ? host : null;
        }
    }

    /// <summary>Where this library is, or "" when it is no file of its own.</summary>
    internal static string Library => typeof(TrialProgram).Assembly.Location;

    /// <summary>Writes the program.</summary>
    /// <returns>Its file.</returns>
    internal static string Write(string folder)
    {
        var program = Path.Combine(folder, $"{Name}.dll");
        using (var file = File.Create(program))
            Assemble().WriteContentTo(file);
        File.WriteAllText(Path.Combine(folder, $"{Name}.runtimeconfig.json"), $$$"""
            {"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"{{{Path.GetFileName(RuntimeFolder)}}}"},"rollForward":"Disable"}}
            """);
        return program;
    }

    /// <summary>
    /// <c>static int Main(string[] args) => (int)Assembly.LoadFrom(args[0]).GetType("...").GetMethod("Run", ...).Invoke(null, null)</c>
    /// </summary>
    static BlobBuilder Assemble()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Name), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(Name).DefineType("Program", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var main = type.DefineMethod("Main", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(string[])]);
        var il = main.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.LoadInt32(0);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(OpCodes.Call, Members.Method(typeof(Assembly), nameof(Assembly.LoadFrom), typeof(string)));
        il.Emit(OpCodes.Ldstr, typeof(FaultTrial).FullName!);
        il.Emit(OpCodes.Callvirt, typeof(Assembly).GetMethod(nameof(Assembly.GetType), [typeof(string)])!);
        il.Emit(OpCodes.Ldstr, nameof(FaultTrial.Run));
        il.LoadInt32((int)(BindingFlags.Static | BindingFlags.NonPublic));
        il.Emit(OpCodes.Callvirt, typeof(Type).GetMethod(nameof(Type.GetMethod), [typeof(string), typeof(BindingFlags)])!);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Callvirt, typeof(MethodBase).GetMethod(nameof(MethodBase.Invoke), [typeof(object), typeof(object[])])!);
        il.Emit(OpCodes.Unbox_Any, typeof(int));
        il.Emit(OpCodes.Ret);
        type.CreateType();
        var metadata = assembly.GenerateMetadata(out var code, out _);
        var image = new ManagedPEBuilder(
            PEHeaderBuilder.CreateExecutableHeader(), new MetadataRootBuilder(metadata), code, entryPoint: MetadataTokens.MethodDefinitionHandle(main.MetadataToken));
        var blob = new BlobBuilder();
        image.Serialize(blob);
        return blob;
    }
}
