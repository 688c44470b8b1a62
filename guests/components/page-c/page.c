// Greets people by their numbers: GET /1 answers "Welcome, Countess Ada!" when others know who has number 1 and her title, else 404.
#include "text.h"

typedef struct { uint8_t some; bytes name; uint32_t visits; } option_person;

IMPORT("demo:greeting/names@0.1.0", "find") void names_find(uint32_t id, option_person *person);
IMPORT("demo:greeting/titles@0.1.0", "title") void titles_title(uint32_t id, option_bytes *title);

// The digits at the path's end; false when there are none
static bool number_in(bytes path, uint32_t *number)
{
    size_t digits = path.length;
    while (digits > 0 && path.at[digits - 1] >= '0' && path.at[digits - 1] <= '9')
        digits--;
    *number = 0;
    for (size_t i = digits; i < path.length; i++)
        *number = *number * 10 + (path.at[i] - '0');
    return digits < path.length;
}

static void greet(uint32_t id, const option_person *person)
{
    option_bytes title;
    titles_title(id, &title);
    append_words(person->visits ? "Welcome back, " : "Welcome, ");
    if (title.some)
    {
        append_bytes(title.value);
        append_words(" ");
    }
    append_bytes(person->name);
    append_words("!");
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    text_length = 0;
    option_bytes path;
    request_path(request, &path);
    uint32_t id;
    bool known = true;
    if (!path.some || !number_in(path.value, &id))
        append_words("Give a number, as in /1");
    else
    {
        option_person person;
        names_find(id, &person);
        known = person.some;
        if (known)
            greet(id, &person);
        else
            append_words("Nobody has this number.");
    }

    answer(request, out, known ? 200 : 404, "text/plain; charset=utf-8");
}
