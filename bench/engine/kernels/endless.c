// What is stopped: never returns, and computes, or with another argument copies memory by bulk instructions of 4 MiB.
#include "kernel.h"

enum { Length = 4 << 20 };
static uint8_t here[Length], there[Length];
static volatile uint32_t sink;

__attribute__((import_module("host"), import_name("entered"))) void entered(void);

KERNEL int run(int copies)
{
    entered();
    for (uint32_t value = 1;;)
    {
        if (copies) __builtin_memcpy(there, here, Length); // -mbulk-memory
        else for (int i = 0; i < 1000; i++) value = value * 1664525u + (value >> 7);
        sink = value;
    }
}
