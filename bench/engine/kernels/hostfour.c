// Host calls with four integers, otherwise as hostcall.c.
#include "kernel.h"

__attribute__((import_module("host"), import_name("blend"))) int blend(int one, int two, int three, int four);

KERNEL int run(int calls)
{
    int value = 1;
    for (int i = 0; i < calls; i++) value = blend(value, i, 3, value);
    return value;
}
