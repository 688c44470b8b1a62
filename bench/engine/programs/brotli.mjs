// Brotli in Rust from the package brotli-wasm: what was compressed is decompressed again.
import { Guest } from './guest.mjs';

const Quality = 5;

export function start(module, source) {
    const options = new TextEncoder().encode(`{"quality":${Quality}}`);
    const words = source.trim().split('\n').map(word => new TextEncoder().encode(word));
    const guest = new Guest(module, {
        __wbindgen_is_object: () => 1,
        __wbindgen_json_serialize(result) {
            const address = brotli.__wbindgen_malloc(options.length);
            guest.bytes.set(options, address);
            guest.setInt(result, address);
            guest.setInt(result + 4, options.length);
        },
    });
    const brotli = guest.exports;
    return size => {
        const length = size << 10;
        const plain = brotli.__wbindgen_malloc(length);
        fill(guest.bytes.subarray(plain, plain + length));
        const result = brotli.__wbindgen_add_to_stack_pointer(-16);
        brotli.compress(result, plain, length, 0);
        const [small, smallLength] = take(result);
        brotli.decompress(result, small, smallLength);
        const [again, againLength] = take(result);
        if (againLength !== length) throw new Error(`${length} bytes came back as ${againLength}`);
        let checksum = smallLength;
        const bytes = guest.bytes;
        for (let i = 0; i < length; i += 97) checksum = (Math.imul(checksum, 31) + bytes[again + i]) | 0;
        brotli.__wbindgen_free(again, againLength);
        brotli.__wbindgen_add_to_stack_pointer(16);
        return checksum;
    };

    /** The bytes a call gave, at the address it wrote its result to. */
    function take(result) {
        if (guest.int(result + 12)) throw new Error('Brotli failed');
        return [guest.int(result), guest.int(result + 4)];
    }

    function fill(bytes) {
        let seed = 42;
        for (let i = 0; i < bytes.length;) {
            seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
            const word = words[(seed >> 16) % words.length];
            for (let k = 0; k < word.length && i < bytes.length; k++) bytes[i++] = word[k];
            if (i < bytes.length) bytes[i++] = (seed >> 8) % 5 === 0 ? seed & 127 : 32;
        }
    }
}
