// Streams bodies: what a request sends goes back chunk by chunk, trailers too, in the constant memory of one chunk.
//   /echo      answers with the request's body, its content-type and its trailers
//   /count     reads the body and answers how many bytes there were
//   /zeros/N   answers N bytes without reading
//   /trap/N    answers N bytes and then traps
#include "http.h"

enum { CHUNK = 64 * 1024 };

static uint8_t zeros[CHUNK];

static bool starts_with(bytes text, const char *start)
{
    size_t length = __builtin_strlen(start);
    if (text.length < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text.at[i] != (uint8_t)start[i])
            return false;
    return true;
}

static uint64_t number(bytes text, size_t at)
{
    uint64_t value = 0;
    for (; at < text.length && text.at[at] >= '0' && text.at[at] <= '9'; at++)
        value = value * 10 + (text.at[at] - '0');
    return value;
}

// Reads the next chunk into the arena; false at the end
static bool read_chunk(handle stream, bytes *chunk)
{
    arena_reset();
    result_bytes read;
    stream_read(stream, CHUNK, &read);
    *chunk = read.value;
    return !read.failed;
}

static handle consume(handle request, handle *body)
{
    result_handle result;
    request_consume(request, &result);
    expect(!result.failed);
    *body = result.value;
    incoming_stream(*body, &result);
    expect(!result.failed);
    return result.value;
}

static bool trailers_of(handle body, handle *trailers)
{
    handle future = incoming_finish(body);
    option_trailers result;
    wait(trailers_subscribe(future));
    trailers_get(future, &result);
    trailers_drop(future);
    *trailers = result.trailers;
    return result.some && !result.failed && !result.inner_failed && result.has_trailers;
}

static void flush(handle stream)
{
    result_stream flushed;
    stream_flush(stream, &flushed);
    output_drop(stream);
}

static handle write_stream(handle body)
{
    result_handle stream;
    outgoing_write(body, &stream);
    expect(!stream.failed);
    return stream.value;
}

static void echo(handle request, handle out)
{
    handle incoming, trailers = 0, headers = fields_new(), sent = request_headers(request);
    bytes values;
    fields_get(sent, "content-type", 12, &values);
    if (values.length > 0)
    {
        bytes *first = (bytes *)values.at;
        add_header(headers, "content-type", first->at, first->length);
    }
    fields_drop(sent);

    handle from = consume(request, &incoming);
    handle body = respond(out, 200, headers);
    handle to = write_stream(body);
    bool listening = true;
    for (bytes chunk; listening && read_chunk(from, &chunk);)
        listening = write_all(to, chunk.at, chunk.length);
    input_drop(from);
    flush(to);
    bool has_trailers = trailers_of(incoming, &trailers);
    finish(body, has_trailers, trailers);
}

static void count(handle request, handle out)
{
    handle incoming, trailers;
    handle from = consume(request, &incoming);
    uint64_t total = 0;
    for (bytes chunk; read_chunk(from, &chunk);)
        total += chunk.length;
    input_drop(from);
    if (trailers_of(incoming, &trailers))
        fields_drop(trailers);

    uint8_t digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = '0' + total % 10;
    while (total /= 10);
    handle body = respond(out, 200, fields_new());
    handle to = write_stream(body);
    write_all(to, digits + at, sizeof digits - at);
    flush(to);
    finish(body, 0, 0);
}

static void send_zeros(handle out, uint64_t length, bool trap)
{
    handle body = respond(out, 200, fields_new());
    handle to = write_stream(body);
    while (length > 0)
    {
        size_t now = length < CHUNK ? (size_t)length : CHUNK;
        if (!write_all(to, zeros, now))
            break;
        length -= now;
    }
    flush(to);
    if (trap)
        __builtin_trap();
    finish(body, 0, 0);
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    option_bytes path;
    request_path(request, &path);
    bytes at = path.some ? path.value : (bytes){ 0, 0 };
    if (starts_with(at, "/echo"))
        echo(request, out);
    else if (starts_with(at, "/count"))
        count(request, out);
    else if (starts_with(at, "/zeros/"))
        send_zeros(out, number(at, 7), false);
    else if (starts_with(at, "/trap/"))
        send_zeros(out, number(at, 6), true);
    else
        finish(respond(out, 404, fields_new()), 0, 0);
    request_drop(request);
}
