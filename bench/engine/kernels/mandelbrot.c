// Float: escape times of the Mandelbrot set on a square grid, in double precision.
#include "kernel.h"

KERNEL int run(int size)
{
    uint32_t sum = 0;
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++)
        {
            double cr = 2.5 * x / size - 2.0, ci = 2.5 * y / size - 1.25, zr = 0, zi = 0;
            uint32_t step = 0;
            for (; step < 200; step++)
            {
                double rr = zr * zr, ii = zi * zi;
                if (rr + ii > 4.0) break;
                zi = 2 * zr * zi + ci;
                zr = rr - ii + cr;
            }
            sum = sum * 33 + step;
        }
    return (int)sum;
}
