// Is asked for titles as titles-c is, and misbehaves by number: 1 never answers, 2 traps, 3 takes all memory that there is and says how many MiB.
#include "../abi.h"

typedef struct { uint8_t some; bytes value; } option_bytes;

enum { PAGES_IN_MIB = 16 };

static volatile uint32_t turns;

EXPORT("demo:greeting/titles@0.1.0#title") option_bytes *title(uint32_t id)
{
    static option_bytes answer;
    static uint8_t digits[10];
    arena_reset();
    answer.some = 0;
    if (id == 1)
        for (;;)
            turns++;
    if (id == 2)
        __builtin_trap();
    if (id == 3)
    {
        while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1)
            ;
        size_t mib = __builtin_wasm_memory_size(0) / PAGES_IN_MIB, at = sizeof digits;
        do
            digits[--at] = (uint8_t)('0' + mib % 10);
        while (mib /= 10);
        answer = (option_bytes){ 1, { digits + at, sizeof digits - at } };
    }
    return &answer;
}
