using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>Brotli in Rust from the package brotli-wasm: what was compressed is decompressed again.</summary>
static class Brotli
{
    const int Quality = 5;
    const string Bindings = "__wbindgen_placeholder__";

    public static Func<int, int> Start(Module module, string source)
    {
        var words = source.Trim().Split('\n').Select(Encoding.UTF8.GetBytes).ToArray();
        var options = Encoding.UTF8.GetBytes($$"""{"quality":{{Quality}}}""");
        Guest guest = null!;
        Func<int, int> malloc = null!;
        var linker = new Linker()
            .Define(Bindings, "__wbindgen_is_object", (int value) => 1)
            .Define(Bindings, "__wbindgen_json_serialize", (int result, int value) =>
            {
                var address = malloc(options.Length);
                options.CopyTo(guest.Memory.Slice((uint)address, options.Length));
                guest.SetInt(result, address);
                guest.SetInt(result + 4, options.Length);
            });
        guest = new Guest(new Store { Fuel = long.MaxValue }, module, linker, ["__wbindgen_is_object", "__wbindgen_json_serialize"], "memory");
        malloc = guest.Export<Func<int, int>>("__wbindgen_malloc");
        var free = guest.Export<Action<int, int>>("__wbindgen_free");
        var moveStack = guest.Export<Func<int, int>>("__wbindgen_add_to_stack_pointer");
        var compress = guest.Export<Action<int, int, int, int>>("compress");
        var decompress = guest.Export<Action<int, int, int>>("decompress");
        return size =>
        {
            var length = size << 10;
            var plain = malloc(length);
            Fill(guest.Memory.Slice((uint)plain, length), words);
            var result = moveStack(-16);
            compress(result, plain, length, 0);
            var (small, smallLength) = Take(result);
            decompress(result, small, smallLength);
            var (again, againLength) = Take(result);
            if (againLength != length) throw new InvalidOperationException($"{length} bytes came back as {againLength}.");
            var checksum = smallLength;
            var bytes = guest.Memory.Slice((uint)again, length);
            for (var i = 0; i < length; i += 97) checksum = unchecked((checksum * 31) + bytes[i]);
            free(again, againLength);
            moveStack(16);
            return checksum;
        };

        (int Address, int Length) Take(int result) => guest.Int(result + 12) == 0
            ? (guest.Int(result), guest.Int(result + 4))
            : throw new InvalidOperationException("Brotli failed.");
    }

    static void Fill(Span<byte> bytes, byte[][] words)
    {
        var seed = 42;
        for (var i = 0; i < bytes.Length;)
        {
            seed = unchecked((seed * 1_103_515_245) + 12_345) & int.MaxValue;
            var word = words[(seed >> 16) % words.Length];
            for (var k = 0; k < word.Length && i < bytes.Length; k++) bytes[i++] = word[k];
            if (i < bytes.Length) bytes[i++] = (byte)((seed >> 8) % 5 == 0 ? seed & 127 : ' ');
        }
    }
}
