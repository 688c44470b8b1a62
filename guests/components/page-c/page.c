// Greets people by their numbers: GET /1 answers "Welcome, Countess Ada!" when others know who has number 1 and her title, else 404.
#include "http.h"

typedef struct { uint8_t some; bytes name; uint32_t visits; } option_person;

IMPORT("demo:greeting/names@0.1.0", "find") void names_find(uint32_t id, option_person *person);
IMPORT("demo:greeting/titles@0.1.0", "title") void titles_title(uint32_t id, option_bytes *title);

static uint8_t text[1024];
static size_t text_length;

static void append(const void *at, size_t length)
{
    if (length > sizeof text - text_length)
        length = sizeof text - text_length;
    __builtin_memcpy(text + text_length, at, length);
    text_length += length;
}

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
    append(person->visits ? "Welcome back, " : "Welcome, ", person->visits ? 14 : 9);
    if (title.some)
    {
        append(title.value.at, title.value.length);
        append(" ", 1);
    }
    append(person->name.at, person->name.length);
    append("!", 1);
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
        append("Give a number, as in /1", 23);
    else
    {
        option_person person;
        names_find(id, &person);
        known = person.some;
        if (known)
            greet(id, &person);
        else
            append("Nobody has this number.", 23);
    }

    handle headers = fields_new();
    add_header(headers, "content-type", "text/plain; charset=utf-8", 25);
    handle body = respond(out, known ? 200 : 404, headers);
    result_handle stream;
    result_stream written;
    outgoing_write(body, &stream);
    stream_write_all(stream.value, text, text_length, &written);
    output_drop(stream.value);
    finish(body, 0, 0);
    request_drop(request);
}
