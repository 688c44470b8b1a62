// SIMD bytes: a 3 by 3 blur of a grey picture, sixteen points at a time, widened to sixteen bits and narrowed with saturation.
#include "kernel.h"
#include <wasm_simd128.h>

enum { Width = 512, Height = 128 };
static uint8_t picture[Height][Width + 16], blurred[Height][Width + 16];

static v128_t low(v128_t x) { return wasm_u16x8_extend_low_u8x16(x); }
static v128_t high(v128_t x) { return wasm_u16x8_extend_high_u8x16(x); }

KERNEL int run(int rounds)
{
    for (int y = 0; y < Height; y++)
        for (int x = 0; x < Width + 16; x++) picture[y][x] = (uint8_t)(x * y + 7 * x);
    uint32_t sum = 0;
    for (int round = 0; round < rounds; round++)
    {
        for (int y = 1; y < Height - 1; y++)
            for (int x = 1; x + 16 < Width; x += 16)
            {
                v128_t a = wasm_i16x8_splat(0), b = a;
                for (int row = -1; row <= 1; row++)
                {
                    v128_t before = wasm_v128_load(&picture[y + row][x - 1]);
                    v128_t here = wasm_v128_load(&picture[y + row][x]);
                    v128_t after = wasm_v128_load(&picture[y + row][x + 1]);
                    a = wasm_i16x8_add(a, wasm_i16x8_add(wasm_i16x8_add(low(before), low(after)), wasm_i16x8_shl(low(here), 1)));
                    b = wasm_i16x8_add(b, wasm_i16x8_add(wasm_i16x8_add(high(before), high(after)), wasm_i16x8_shl(high(here), 1)));
                }
                v128_t mean = wasm_u8x16_narrow_i16x8(wasm_u16x8_shr(a, 3), wasm_u16x8_shr(b, 3));
                wasm_v128_store(&blurred[y][x], wasm_u8x16_avgr(mean, wasm_v128_load(&picture[y][x])));
            }
        picture[round & 127][round & 511] ^= (uint8_t)round;
        sum = sum * 33 + blurred[1 + (round & 63)][1 + (round & 255)];
    }
    return (int)sum;
}
