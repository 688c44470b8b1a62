// Memory: fills an array, copies it through an exclusive-or in bytes and back in words, and sorts it by a hand-written quicksort.
#include "kernel.h"

enum { Capacity = 1 << 18 };
static uint32_t values[Capacity];
static uint8_t scratch[Capacity * 4];

static void sort(uint32_t *first, uint32_t *last)
{
    while (last - first > 16)
    {
        uint32_t pivot = first[(last - first) / 2], *low = first, *high = last;
        while (low <= high)
        {
            while (*low < pivot) low++;
            while (*high > pivot) high--;
            if (low > high) break;
            uint32_t swapped = *low;
            *low++ = *high;
            *high-- = swapped;
        }
        if (high - first < last - low) { sort(first, high); first = low; }
        else { sort(low, last); last = high; }
    }
    for (uint32_t *next = first + 1; next <= last; next++)
    {
        uint32_t value = *next, *hole = next;
        for (; hole > first && hole[-1] > value; hole--) *hole = hole[-1];
        *hole = value;
    }
}

KERNEL int run(int count)
{
    uint32_t seed = 12345, sum = 0;
    if (count > Capacity) count = Capacity;
    for (int i = 0; i < count; i++)
    {
        seed = seed * 1664525u + 1013904223u;
        values[i] = seed ^ (seed >> 15);
    }
    const uint8_t *bytes = (const uint8_t *)values;
    for (int i = 0; i < count * 4; i++) scratch[i] = bytes[i] ^ (uint8_t)(i * 7);
    for (int i = 0; i < count; i++) values[i] ^= ((const uint32_t *)scratch)[i] >> 3;
    sort(values, values + count - 1);
    for (int i = 0; i < count; i++) sum = sum * 31 + values[i];
    return (int)sum;
}
