// SIMD float: escape times of the Mandelbrot set, four points at a time in single precision.
#include "kernel.h"
#include <wasm_simd128.h>

KERNEL int run(int size)
{
    uint32_t sum = 0;
    v128_t four = wasm_f32x4_splat(4.0f), one = wasm_i32x4_splat(1);
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x += 4)
        {
            v128_t column = wasm_f32x4_make(x, x + 1, x + 2, x + 3);
            v128_t cr = wasm_f32x4_sub(wasm_f32x4_mul(column, wasm_f32x4_splat(2.5f / size)), wasm_f32x4_splat(2.0f));
            v128_t ci = wasm_f32x4_splat(2.5f * y / size - 1.25f);
            v128_t zr = wasm_f32x4_splat(0), zi = zr, steps = zr;
            for (int step = 0; step < 200; step++)
            {
                v128_t rr = wasm_f32x4_mul(zr, zr), ii = wasm_f32x4_mul(zi, zi);
                v128_t inside = wasm_f32x4_le(wasm_f32x4_add(rr, ii), four);
                if (!wasm_v128_any_true(inside)) break;
                steps = wasm_i32x4_add(steps, wasm_v128_and(inside, one));
                v128_t cross = wasm_f32x4_mul(zr, zi);
                zi = wasm_f32x4_add(wasm_f32x4_add(cross, cross), ci);
                zr = wasm_f32x4_add(wasm_f32x4_sub(rr, ii), cr);
            }
            sum = sum * 33 + wasm_i32x4_extract_lane(steps, 0) + 3 * wasm_i32x4_extract_lane(steps, 1);
            sum = sum * 33 + wasm_i32x4_extract_lane(steps, 2) + 3 * wasm_i32x4_extract_lane(steps, 3);
        }
    return (int)sum;
}
