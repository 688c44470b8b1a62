// Host calls: an import called in a loop. Not part of the geometric mean; its time is given per call.
#include "kernel.h"

__attribute__((import_module("host"), import_name("step"))) int step(int value);

KERNEL int run(int calls)
{
    int value = 1;
    for (int i = 0; i < calls; i++) value = step(value);
    return value;
}
