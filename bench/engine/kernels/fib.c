// Calls: the doubly recursive Fibonacci numbers, kept as real calls.
#include "kernel.h"

__attribute__((noinline)) static uint32_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

KERNEL int run(int n) { return (int)fib((uint32_t)n); }
