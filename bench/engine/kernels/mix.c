// Integer: a 64-bit mixing generator with rotations, multiplications, divisions and bit counts; no memory.
#include "kernel.h"

KERNEL int run(int rounds)
{
    uint64_t state = 0x9e3779b97f4a7c15ull, sum = 0;
    uint32_t small = 1;
    for (int i = 0; i < rounds; i++)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        uint64_t mixed = state * 0xff51afd7ed558ccdull;
        mixed = (mixed << 31) | (mixed >> 33);
        sum += mixed ^ (uint64_t)__builtin_popcountll(mixed);
        small = small * 1664525u + 1013904223u;
        sum += (small >> 3) % ((uint32_t)(mixed & 0xff) + 1);
        if (small & 0x10000) sum = (sum >> 5) | (sum << 59);
    }
    return (int)(sum ^ (sum >> 32));
}
