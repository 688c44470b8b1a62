// Waits in all ways that a component can wait, and holds on to what it can hold on to.
//   /sleep/N   answers after N milliseconds
//   /race/N    answers what came first: the request's body, or the end of N milliseconds
//   /drop      drops a response whose body it still writes, and answers whether it could write all of it
//   /grow/N    makes its memory N MiB larger, and answers how many it has
#include "http.h"

#define CLOCK "wasi:clocks/monotonic-clock@0.2.0"

typedef struct { uint32_t *at; size_t length; } indexes;

IMPORT(CLOCK, "subscribe-duration") handle after(int64_t nanoseconds);
IMPORT(POLL, "poll") void poll(const handle *pollables, size_t count, indexes *ready);
IMPORT(STREAMS, "[method]input-stream.subscribe") handle input_subscribe(handle stream);
IMPORT(TYPES, "[resource-drop]outgoing-response") void response_drop(handle response);
IMPORT(TYPES, "[resource-drop]incoming-body") void incoming_drop(handle body);
IMPORT(TYPES, "[resource-drop]outgoing-body") void outgoing_drop(handle body);

#define TEXT(text) ((bytes){ (uint8_t *)(text), sizeof(text) - 1 })

static const uint8_t zeros[4096];

static bool takes_number(bytes path, const char *start, uint64_t *value)
{
    size_t at = 0;
    for (; start[at]; at++)
        if (at == path.length || path.at[at] != (uint8_t)start[at])
            return false;
    for (*value = 0; at < path.length && path.at[at] >= '0' && path.at[at] <= '9'; at++)
        *value = *value * 10 + (path.at[at] - '0');
    return true;
}

static void answer(handle out, bytes text)
{
    handle body = respond(out, 200, fields_new());
    result_handle stream;
    outgoing_write(body, &stream);
    expect(!stream.failed);
    result_stream written;
    stream_write_all(stream.value, text.at, text.length, &written);
    output_drop(stream.value);
    finish(body, 0, 0);
}

static void answer_number(handle out, uint64_t number)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (uint8_t)('0' + number % 10);
    while (number /= 10);
    answer(out, (bytes){ digits + at, sizeof digits - at });
}

static void sleep(uint64_t milliseconds)
{
    handle clock = after((int64_t)(milliseconds * 1000000));
    pollable_block(clock);
    pollable_drop(clock);
}

static bytes race(handle request, uint64_t milliseconds)
{
    result_handle body, stream;
    request_consume(request, &body);
    expect(!body.failed);
    incoming_stream(body.value, &stream);
    expect(!stream.failed);
    handle both[] = { input_subscribe(stream.value), after((int64_t)(milliseconds * 1000000)) };
    indexes ready;
    poll(both, 2, &ready);
    bytes first = ready.at[0] == 0 ? TEXT("body") : TEXT("clock");
    pollable_drop(both[0]);
    pollable_drop(both[1]);
    input_drop(stream.value);
    incoming_drop(body.value);
    return first;
}

static bytes write_what_nobody_gets(void)
{
    handle response = response_new(fields_new());
    result_handle body, stream;
    response_body(response, &body);
    expect(!body.failed);
    outgoing_write(body.value, &stream);
    expect(!stream.failed);
    response_drop(response);
    result_stream written = { 0 };
    for (int left = 256; left > 0 && !written.failed; left--)
        stream_write_all(stream.value, zeros, sizeof zeros, &written);
    output_drop(stream.value);
    outgoing_drop(body.value);
    return written.failed ? TEXT("closed") : TEXT("written");
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    option_bytes path;
    request_path(request, &path);
    uint64_t number;
    if (takes_number(path.value, "/sleep/", &number))
    {
        sleep(number);
        answer(out, TEXT("awake"));
    }
    else if (takes_number(path.value, "/race/", &number))
        answer(out, race(request, number));
    else if (takes_number(path.value, "/drop", &number))
        answer(out, write_what_nobody_gets());
    else if (takes_number(path.value, "/grow/", &number))
    {
        __builtin_wasm_memory_grow(0, number * 16);
        answer_number(out, __builtin_wasm_memory_size(0) / 16);
    }
    else
        answer(out, TEXT("ready"));
    request_drop(request);
}
