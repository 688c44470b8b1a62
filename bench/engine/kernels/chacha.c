// SIMD integer: ChaCha20 blocks, four words at a time: additions, exclusive ors, rotations by shifts and byte shuffles, lane shuffles.
#include "kernel.h"
#include <wasm_simd128.h>

#define ROTATE(x, n) wasm_v128_or(wasm_i32x4_shl(x, n), wasm_u32x4_shr(x, 32 - (n)))
#define ROTATE16(x) wasm_i8x16_shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define ROTATE8(x) wasm_i8x16_shuffle(x, x, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14)
#define TURN(x, a, b, c, d) wasm_i32x4_shuffle(x, x, a, b, c, d)
#define QUARTERS                                                                            \
    a = wasm_i32x4_add(a, b), d = wasm_v128_xor(d, a), d = ROTATE16(d);                      \
    c = wasm_i32x4_add(c, d), b = wasm_v128_xor(b, c), b = ROTATE(b, 12);                    \
    a = wasm_i32x4_add(a, b), d = wasm_v128_xor(d, a), d = ROTATE8(d);                       \
    c = wasm_i32x4_add(c, d), b = wasm_v128_xor(b, c), b = ROTATE(b, 7);

KERNEL int run(int blocks)
{
    const v128_t constants = wasm_i32x4_make(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
    const v128_t key0 = wasm_i32x4_make(1, 2, 3, 4), key1 = wasm_i32x4_make(5, 6, 7, 8);
    v128_t sum = wasm_i32x4_splat(0);
    for (int block = 0; block < blocks; block++)
    {
        const v128_t counter = wasm_i32x4_make(block, 9, 10, 11);
        v128_t a = constants, b = key0, c = key1, d = counter;
        for (int round = 0; round < 10; round++)
        {
            QUARTERS
            b = TURN(b, 1, 2, 3, 0), c = TURN(c, 2, 3, 0, 1), d = TURN(d, 3, 0, 1, 2);
            QUARTERS
            b = TURN(b, 3, 0, 1, 2), c = TURN(c, 2, 3, 0, 1), d = TURN(d, 1, 2, 3, 0);
        }
        sum = wasm_v128_xor(sum, wasm_i32x4_add(a, constants));
        sum = wasm_v128_xor(sum, wasm_i32x4_add(b, key0));
        sum = wasm_v128_xor(sum, wasm_i32x4_add(c, key1));
        sum = wasm_v128_xor(sum, wasm_i32x4_add(d, counter));
    }
    sum = wasm_v128_xor(sum, TURN(sum, 2, 3, 0, 1));
    return wasm_i32x4_extract_lane(sum, 0) ^ wasm_i32x4_extract_lane(sum, 1);
}
