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

static uint32_t number_in(bytes path)
{
    uint32_t number = 0;
    for (size_t i = 1; i < path.length && path.at[i] >= '0' && path.at[i] <= '9'; i++)
        number = number * 10 + (path.at[i] - '0');
    return number;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    text_length = 0;
    option_bytes path;
    option_person person;
    request_path(request, &path);
    uint32_t id = path.some ? number_in(path.value) : 0;
    names_find(id, &person);
    if (person.some)
    {
        option_bytes title;
        titles_title(id, &title);
        append(person.visits ? "Welcome back, " : "Welcome, ", person.visits ? 14 : 9);
        if (title.some)
        {
            append(title.value.at, title.value.length);
            append(" ", 1);
        }
        append(person.name.at, person.name.length);
        append("!", 1);
    }
    else
        append("Nobody has this number.", 23);

    handle headers = fields_new();
    add_header(headers, "content-type", "text/plain; charset=utf-8", 25);
    handle body = respond(out, person.some ? 200 : 404, headers);
    result_handle stream;
    result_stream written;
    outgoing_write(body, &stream);
    stream_write_all(stream.value, text, text_length, &written);
    output_drop(stream.value);
    finish(body, 0, 0);
    request_drop(request);
}
