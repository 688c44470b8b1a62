namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// Scripts that need a proposal this engine does not have yet. The list only shrinks: a script in it that holds fails its test, so it is true.
/// </summary>
static class NotYet
{
    /// <summary>Several memories, 64-bit addresses, longer constant expressions.</summary>
    const string Memories = """
        3.0/instance
        3.0/memory64/address64
        3.0/memory64/align64
        3.0/memory64/binary_leb128_64
        3.0/memory64/bulk64
        3.0/memory64/call_indirect64
        3.0/memory64/endianness64
        3.0/memory64/float_memory64
        3.0/memory64/load64
        3.0/memory64/memory64
        3.0/memory64/memory64-imports
        3.0/memory64/memory_copy64
        3.0/memory64/memory_fill64
        3.0/memory64/memory_grow64
        3.0/memory64/memory_init64
        3.0/memory64/memory_redundancy64
        3.0/memory64/memory_trap64
        3.0/memory64/table64
        3.0/memory64/table_copy64
        3.0/memory64/table_copy_mixed
        3.0/memory64/table_fill64
        3.0/memory64/table_get64
        3.0/memory64/table_grow64
        3.0/memory64/table_init64
        3.0/memory64/table_set64
        3.0/memory64/table_size64
        3.0/multi-memory/address0
        3.0/multi-memory/address1
        3.0/multi-memory/align0
        3.0/multi-memory/binary0
        3.0/multi-memory/data0
        3.0/multi-memory/data1
        3.0/multi-memory/data_drop0
        3.0/multi-memory/exports0
        3.0/multi-memory/float_exprs0
        3.0/multi-memory/float_exprs1
        3.0/multi-memory/float_memory0
        3.0/multi-memory/imports0
        3.0/multi-memory/imports1
        3.0/multi-memory/imports2
        3.0/multi-memory/imports3
        3.0/multi-memory/imports4
        3.0/multi-memory/linking0
        3.0/multi-memory/linking1
        3.0/multi-memory/linking2
        3.0/multi-memory/linking3
        3.0/multi-memory/load0
        3.0/multi-memory/load1
        3.0/multi-memory/load2
        3.0/multi-memory/memory-multi
        3.0/multi-memory/memory_copy0
        3.0/multi-memory/memory_copy1
        3.0/multi-memory/memory_fill0
        3.0/multi-memory/memory_grow
        3.0/multi-memory/memory_init0
        3.0/multi-memory/memory_size0
        3.0/multi-memory/memory_size1
        3.0/multi-memory/memory_size2
        3.0/multi-memory/memory_size_import
        3.0/multi-memory/memory_trap0
        3.0/multi-memory/memory_trap1
        3.0/multi-memory/start0
        3.0/multi-memory/store0
        3.0/multi-memory/store1
        3.0/multi-memory/store2
        3.0/multi-memory/traps0
        3.0/simd/simd_memory-multi
        """;

    public static IReadOnlySet<string> Scripts { get; } =
        Memories.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}
