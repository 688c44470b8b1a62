// Knows people by their numbers: who they are stands in its configuration, under the number. Exports what greeter-c and page-c import.
#include "../abi.h"

#define NAMES "demo:greeting/names@0.1.0"

enum { INFO = 2 };

typedef struct { uint8_t some; bytes value; } option_bytes;
typedef struct { uint8_t failed; union { option_bytes value; struct { uint8_t error; bytes reason; }; }; } result_value;
typedef struct { uint8_t some; bytes name; uint32_t visits; } option_person;

IMPORT("wasi:config/store@0.2.0-rc.1", "get") void config_get(const char *key, size_t length, result_value *value);
IMPORT("wasi:logging/logging@0.1.0-draft", "log") void logging_log(
    int32_t level, const char *context, size_t context_length, const char *message, size_t message_length);

static uint32_t visits;

EXPORT(NAMES "#find") option_person *find(uint32_t id)
{
    static option_person person;
    static char digits[10];
    static const char asked[] = "asked for number ";
    char message[sizeof asked + sizeof digits];
    arena_reset();

    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + id % 10);
    while (id /= 10);
    size_t length = sizeof digits - at;
    __builtin_memcpy(message, asked, sizeof asked - 1);
    __builtin_memcpy(message + sizeof asked - 1, digits + at, length);
    logging_log(INFO, "", 0, message, sizeof asked - 1 + length);

    result_value value;
    config_get(digits + at, length, &value);
    person.some = !value.failed && value.value.some;
    if (person.some)
    {
        person.name = value.value.value;
        person.visits = visits++;
    }
    return &person;
}
