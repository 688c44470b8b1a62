// Integer and table: the checksum of zip files, a byte and a look-up at a time, over a buffer that the checksum changes.
#include "kernel.h"

enum { Length = 4096 };
static uint32_t table[256];
static uint8_t bytes[Length];

KERNEL int run(int rounds)
{
    for (uint32_t i = 0; i < 256; i++)
    {
        uint32_t entry = i;
        for (int bit = 0; bit < 8; bit++) entry = entry >> 1 ^ (0xedb88320u & -(entry & 1));
        table[i] = entry;
    }
    for (int i = 0; i < Length; i++) bytes[i] = (uint8_t)(i * 7);
    uint32_t sum = ~0u;
    for (int round = 0; round < rounds; round++)
    {
        for (int i = 0; i < Length; i++) sum = table[(sum ^ bytes[i]) & 255] ^ sum >> 8;
        bytes[round & (Length - 1)] ^= (uint8_t)sum;
    }
    return (int)~sum;
}
