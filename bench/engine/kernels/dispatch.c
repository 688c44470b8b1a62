// Indirect calls: a small stack machine whose instructions are reached through a table of function pointers.
#include "kernel.h"

typedef uint32_t (*Instruction)(uint32_t accumulator, uint32_t operand);

static uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t subtract(uint32_t a, uint32_t b) { return a - b; }
static uint32_t multiply(uint32_t a, uint32_t b) { return a * (b | 1); }
static uint32_t exclusive(uint32_t a, uint32_t b) { return a ^ b; }
static uint32_t rotate(uint32_t a, uint32_t b) { return (a << (b & 31)) | (a >> (-b & 31)); }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b ^ a >> 1; }
static uint32_t complement(uint32_t a, uint32_t b) { return ~a + (b >> 2); }
static uint32_t shift(uint32_t a, uint32_t b) { return a + (a >> 7) + b; }

static Instruction volatile table[8] = { add, subtract, multiply, exclusive, rotate, larger, complement, shift };

// A program of 64 random instructions, run over and over, as an interpreter would: the processor's guesses at the next target count too.
KERNEL int run(int steps)
{
    uint8_t program[64];
    uint32_t accumulator = 1, seed = 0x2545f491u;
    for (int i = 0; i < 64; i++)
    {
        seed = seed * 1664525u + 1013904223u;
        program[i] = seed >> 29;
    }
    for (int i = 0; i < steps; i++) accumulator = table[program[i & 63]](accumulator, (uint32_t)i);
    return (int)accumulator;
}
