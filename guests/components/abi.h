// The parts of the Canonical ABI that every guest without a C library needs: names of imports and exports, and memory for what the host gives.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

typedef struct { uint8_t *at; size_t length; } bytes;

// Everything that the host returns lies here until the guest says `arena_reset()`; one piece is never larger than what the guest asked for
static _Alignas(16) uint8_t arena[128 * 1024];
static size_t arena_used;

static inline void arena_reset(void) { arena_used = 0; }

EXPORT("cabi_realloc") void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size)
{
    (void)old, (void)old_size; // the host only ever asks for new pieces
    arena_used = (arena_used + alignment - 1) & ~(alignment - 1);
    if (size > sizeof arena - arena_used)
        __builtin_trap();
    void *piece = arena + arena_used;
    arena_used += size;
    return piece;
}
