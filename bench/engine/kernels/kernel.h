// What every kernel shares: no C library, one exported function `run` from a size to a checksum.
#pragma once
typedef unsigned char uint8_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;

#define KERNEL __attribute__((export_name("run")))
