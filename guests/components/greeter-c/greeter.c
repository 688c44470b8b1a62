// Greets people by their numbers; who they are is the host's to know.
#include "../http.h"

typedef struct { uint8_t some; bytes name; uint32_t visits; } option_person;

IMPORT("demo:greeting/names@0.1.0", "find") void names_find(uint32_t id, option_person *person);

static result_bytes greeting;

static void say(const char *text, bytes name)
{
    size_t length = __builtin_strlen(text);
    greeting.value.at = cabi_realloc(0, 0, 1, length + name.length + 1);
    __builtin_memcpy(greeting.value.at, text, length);
    __builtin_memcpy(greeting.value.at + length, name.at, name.length);
    greeting.value.length = length + name.length;
    if (name.length)
        greeting.value.at[greeting.value.length++] = '!';
}

EXPORT("greet") result_bytes *greet(uint32_t id)
{
    option_person person;
    arena_reset();
    names_find(id, &person);
    greeting.failed = !person.some;
    if (!person.some)
        say("nobody has this number", (bytes){0});
    else
        say(person.visits ? "Welcome back, " : "Welcome, ", person.name);
    return &greeting;
}
