// Functions to call from outside, one for each kind of signature: integers, strings, lists of records, and every type there and back.
#include "abi.h"

typedef struct { int32_t x; double y; bytes name; } point;

EXPORT("add") uint32_t add(uint32_t a, uint32_t b) { return a + b; }

EXPORT("length") uint32_t length(uint8_t *text, size_t bytes)
{
    (void)text;
    arena_reset();
    return bytes;
}

EXPORT("total") double total(point *points, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += points[i].x * points[i].y + points[i].name.length;
    arena_reset();
    return sum;
}

static bytes result;

// What came in lies in memory as it goes out
EXPORT("echo") bytes *echo(uint8_t *text, size_t length)
{
    result = (bytes){ text, length };
    return &result;
}

EXPORT("mirror") bytes *mirror(uint8_t *values, size_t count)
{
    result = (bytes){ values, count };
    return &result;
}

EXPORT("cabi_post_echo") void after_echo(bytes *returned) { (void)returned, arena_reset(); }
EXPORT("cabi_post_mirror") void after_mirror(bytes *returned) { (void)returned, arena_reset(); }
