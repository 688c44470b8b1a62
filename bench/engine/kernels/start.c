// A memory of 1 MiB of which 128 KiB are initialised, and a table: what an instance's start is measured with.
#include "kernel.h"

#define A4(x) (x) * 2654435761u, (x) * 40503u + 1, (x) ^ 0x5bd1e995u, (x) + 0x9e3779b9u
#define A16(x) A4(x), A4(x + 4), A4(x + 8), A4(x + 12)
#define A64(x) A16(x), A16(x + 16), A16(x + 32), A16(x + 48)
#define A256(x) A64(x), A64(x + 64), A64(x + 128), A64(x + 192)
#define A1K(x) A256(x), A256(x + 256), A256(x + 512), A256(x + 768)
#define A4K(x) A1K(x), A1K(x + 1024), A1K(x + 2048), A1K(x + 3072)
#define A16K(x) A4K(x), A4K(x + 4096), A4K(x + 8192), A4K(x + 12288)

static unsigned words[32768] = {A16K(1), A16K(16385)};
static volatile unsigned char scratch[800000];

static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static int (*const operations[])(int, int) = {add, sub};

KERNEL int run(int size) {
    scratch[(unsigned)size % 800000] = (unsigned char)size;
    words[size & 32767] += size;
    return operations[size & 1](words[(size * 7) & 32767], scratch[(unsigned)size * 31 % 800000]);
}
