// Greets: GET /Ada answers "Hello, Ada!"
#include "http.h"

static uint8_t greeting[1024];

static size_t append(size_t length, const void *text, size_t more)
{
    if (more > sizeof greeting - length)
        more = sizeof greeting - length;
    __builtin_memcpy(greeting + length, text, more);
    return length + more;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    option_bytes path;
    request_path(request, &path);

    bytes name = { (uint8_t *)"world", 5 };
    if (path.some && path.value.length > 1)
    {
        name = (bytes){ path.value.at + 1, 0 };
        while (name.length < path.value.length - 1 && name.at[name.length] != '?')
            name.length++;
    }
    size_t length = append(0, "Hello, ", 7);
    length = append(length, name.at, name.length);
    length = append(length, "!", 1);

    handle headers = fields_new();
    add_header(headers, "content-type", "text/plain; charset=utf-8", 25);
    handle body = respond(out, 200, headers);
    result_handle stream;
    result_stream written;
    outgoing_write(body, &stream);
    stream_write_all(stream.value, greeting, length, &written);
    output_drop(stream.value);
    finish(body, 0, 0);
    request_drop(request);
}
