// Knows the titles of people by their names, which it asks for: whoever has one has it in the configuration, under the name.
#include "../abi.h"

typedef struct { uint8_t some; bytes value; } option_bytes;
typedef struct { uint8_t failed; union { option_bytes value; struct { uint8_t error; bytes reason; }; }; } result_value;
typedef struct { uint8_t some; bytes name; uint32_t visits; } option_person;

IMPORT("demo:greeting/names@0.1.0", "find") void names_find(uint32_t id, option_person *person);
IMPORT("wasi:config/store@0.2.0-rc.1", "get") void config_get(const uint8_t *key, size_t length, result_value *value);

EXPORT("demo:greeting/titles@0.1.0#title") option_bytes *title(uint32_t id)
{
    static option_bytes none;
    static result_value value;
    option_person person;
    arena_reset();
    names_find(id, &person);
    if (!person.some)
        return &none;
    config_get(person.name.at, person.name.length, &value);
    return value.failed ? &none : &value.value;
}
