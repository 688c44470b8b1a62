using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Allotrope.Wasm;

/// <summary>A module's code as an assembly in bytes, with what a process must fill in before it loads it.</summary>
/// <param name="Assembly">The assembly's file.</param>
/// <param name="Tokens">Metadata tokens of the methods that guests are called through, by position of the function.</param>
/// <param name="TypeIds">Where in the file the number of which of the module's types belongs.</param>
/// <param name="Maps">Where instructions are in the IL, by position of the function; none when that was not noted.</param>
sealed record CodeImage(byte[] Assembly, int[] Tokens, (int Offset, int Type)[] TypeIds, byte[][] Maps)
{
    /// <summary>Whether the module's code can be written: it must not use the classes of structs, which are made anew in each process.</summary>
    internal static bool CanHold(ModuleImage module) => !module.Types.Exists(type => type is StructType);

    internal static CodeImage Of(PersistedAssemblyBuilder assembly, ModuleEmission emission)
    {
        var metadata = assembly.GenerateMetadata(out var code, out var data);
        var file = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), code, data).Serialize(file);
        var bytes = file.ToArray();
        return new CodeImage(bytes, emission.Tokens, FindTypeIds(bytes, emission), emission.Maps);
    }

    /// <summary>A copy of the assembly with this process's numbers of the types.</summary>
    internal byte[] FillIn(ModuleImage module)
    {
        var bytes = Assembly.AsSpan().ToArray();
        foreach (var (offset, type) in TypeIds)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), module.Types[type].Id);
        return bytes;
    }

    static (int Offset, int Type)[] FindTypeIds(byte[] bytes, ModuleEmission emission)
    {
        if (emission.TypeIds.Count == 0)
            return [];
        using var file = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(bytes));
        var reader = file.GetMetadataReader();
        var bodies = new Dictionary<ILGenerator, int>(emission.Defined.Count);
        foreach (var (row, method) in emission.Defined.Index())
            bodies[method.GetILGenerator()] = CodeOffset(bytes, file.PEHeaders, reader.GetMethodDefinition(MetadataTokens.MethodDefinitionHandle(row + 1)));
        var places = emission.TypeIds.ConvertAll(place => (Offset: bodies[place.Method] + place.Offset, place.Type));
        foreach (var (offset, type) in places)
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset)) != ModuleEmission.Placeholder + type)
                throw new InvalidOperationException($"the number of type {type} is not where the code was written to have it");
        }

        return [.. places];
    }

    /// <summary>Where a method's instructions begin: behind a header of one byte or twelve (ECMA-335, II.25.4).</summary>
    static int CodeOffset(byte[] bytes, PEHeaders headers, MethodDefinition method)
    {
        const int FormatMask = 3, Tiny = 2, TinyBytes = 1, FatBytes = 12;
        var section = headers.SectionHeaders[headers.GetContainingSectionIndex(method.RelativeVirtualAddress)];
        var header = section.PointerToRawData + method.RelativeVirtualAddress - section.VirtualAddress;
        return header + ((bytes[header] & FormatMask) == Tiny ? TinyBytes : FatBytes);
    }
}
