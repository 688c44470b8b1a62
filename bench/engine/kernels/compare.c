// Indirect calls: sorts a heap whose order is a function that the caller chooses, as a library's sort is called.
#include "kernel.h"

enum { Capacity = 1 << 16 };
typedef int (*Order)(uint32_t one, uint32_t other);
static uint32_t values[Capacity];

static int rising(uint32_t one, uint32_t other) { return one < other; }
static int falling(uint32_t one, uint32_t other) { return one > other; }
static int byLowBits(uint32_t one, uint32_t other) { return (one & 0xffff) < (other & 0xffff); }

static Order volatile orders[] = { rising, falling, byLowBits };

static void sink(uint32_t top, uint32_t count, Order before)
{
    uint32_t value = values[top];
    for (uint32_t child; (child = top * 2 + 1) < count; top = child)
    {
        if (child + 1 < count && before(values[child], values[child + 1])) child++;
        if (!before(value, values[child])) break;
        values[top] = values[child];
    }
    values[top] = value;
}

KERNEL int run(int count)
{
    uint32_t seed = 99, sum = 0;
    if (count > Capacity) count = Capacity;
    for (int way = 0; way < 3; way++)
    {
        Order before = orders[way];
        for (int i = 0; i < count; i++) values[i] = (seed = seed * 1664525u + 1013904223u) >> 3;
        for (int top = count / 2; top-- > 0;) sink(top, count, before);
        for (int end = count; --end > 0;)
        {
            uint32_t first = values[0];
            values[0] = values[end];
            values[end] = first;
            sink(0, end, before);
        }
        for (int i = 0; i < count; i++) sum = sum * 31 + values[i];
    }
    return (int)sum;
}
