// Memory: primes by crossing out in bytes, with strides that leave the caches, and a sum over what is left.
#include "kernel.h"

enum { Capacity = 1 << 20 };
static uint8_t crossed[Capacity];

__attribute__((no_builtin("memset")))
KERNEL int run(int rounds)
{
    uint32_t sum = 0;
    for (int round = 0; round < rounds; round++)
    {
        for (int i = 0; i < Capacity; i++) crossed[i] = 0;
        for (uint32_t prime = 2; prime * prime < Capacity; prime++)
        {
            if (crossed[prime]) continue;
            for (uint32_t next = prime * prime; next < Capacity; next += prime) crossed[next] = 1;
        }
        for (uint32_t i = 2; i < Capacity; i++)
            if (!crossed[i]) sum = sum * 31 + i + (uint32_t)round;
    }
    return (int)sum;
}
