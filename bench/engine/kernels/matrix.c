// SIMD memory and float: products of square matrices in single precision, rows of four by broadcast numbers.
#include "kernel.h"
#include <wasm_simd128.h>

enum { Side = 64 };
static float left[Side][Side], right[Side][Side], product[Side][Side];

KERNEL int run(int rounds)
{
    for (int i = 0; i < Side; i++)
        for (int j = 0; j < Side; j++)
        {
            left[i][j] = (i * 7 + j * 3) % 11;
            right[i][j] = (i * 5 + j) % 13;
        }
    uint32_t sum = 0;
    for (int round = 0; round < rounds; round++)
    {
        for (int i = 0; i < Side; i++)
            for (int j = 0; j < Side; j += 8)
            {
                v128_t low = wasm_f32x4_splat(0), high = low;
                for (int k = 0; k < Side; k++)
                {
                    v128_t factor = wasm_v128_load32_splat(&left[i][k]);
                    low = wasm_f32x4_add(low, wasm_f32x4_mul(factor, wasm_v128_load(&right[k][j])));
                    high = wasm_f32x4_add(high, wasm_f32x4_mul(factor, wasm_v128_load(&right[k][j + 4])));
                }
                wasm_v128_store(&product[i][j], low);
                wasm_v128_store(&product[i][j + 4], high);
            }
        left[round & 63][round & 31] = sum & 7;
        sum = sum * 33 + (uint32_t)product[round & 63][round & 7];
    }
    return (int)sum;
}
