// Passes requests on: /http/HOST/PATH and /https/HOST/PATH send method, content type, body and trailers there, and answer with what comes back.
// When nothing does, the answer is 502 with the number of the error-code in its body.
#include "http.h"

#define OUTGOING "wasi:http/outgoing-handler@0.2.0"

typedef struct { uint8_t tag; bytes other; } method;
typedef struct { uint8_t failed; _Alignas(8) union { handle value; uint8_t error; }; uint64_t rest[3]; } result_future;
typedef struct
{
    uint8_t some;
    _Alignas(8) uint8_t failed;
    _Alignas(8) uint8_t inner_failed;
    _Alignas(8) union { handle value; uint8_t error; };
    uint64_t rest[3];
} option_response;

IMPORT(TYPES, "[method]incoming-request.method") void request_method(handle request, method *method);
IMPORT(TYPES, "[constructor]outgoing-request") handle outgoing_new(handle headers);
IMPORT(TYPES, "[method]outgoing-request.body") void outgoing_body(handle request, result_handle *body);
IMPORT(TYPES, "[method]outgoing-request.set-method") int32_t outgoing_set_method(handle request, int32_t tag, const void *at, size_t length);
IMPORT(TYPES, "[method]outgoing-request.set-path-with-query") int32_t outgoing_set_path(handle request, int32_t some, const void *at, size_t length);
IMPORT(TYPES, "[method]outgoing-request.set-scheme") int32_t outgoing_set_scheme(handle request, int32_t some, int32_t tag, const void *at, size_t length);
IMPORT(TYPES, "[method]outgoing-request.set-authority") int32_t outgoing_set_authority(handle request, int32_t some, const void *at, size_t length);
IMPORT(TYPES, "[resource-drop]outgoing-body") void outgoing_body_drop(handle body);
IMPORT(OUTGOING, "handle") void send(handle request, int32_t has_options, handle options, result_future *future);
IMPORT(TYPES, "[method]future-incoming-response.subscribe") handle future_subscribe(handle future);
IMPORT(TYPES, "[method]future-incoming-response.get") void future_get(handle future, option_response *response);
IMPORT(TYPES, "[resource-drop]future-incoming-response") void future_drop(handle future);
IMPORT(TYPES, "[method]incoming-response.status") int32_t response_status(handle response);
IMPORT(TYPES, "[method]incoming-response.headers") handle response_headers(handle response);
IMPORT(TYPES, "[method]incoming-response.consume") void response_consume(handle response, result_handle *body);
IMPORT(TYPES, "[resource-drop]incoming-response") void response_drop(handle response);

enum { CHUNK = 64 * 1024, HTTP = 0, HTTPS = 1, LONGEST = 4096 };

static char target[LONGEST]; // SCHEME/HOST/PATH: the arena goes with each chunk

// The first value of a field, kept until the arena goes
static void copy_header(handle from, handle to, const char *name)
{
    bytes values;
    fields_get(from, name, __builtin_strlen(name), &values);
    if (values.length > 0)
        add_header(to, name, ((bytes *)values.at)->at, ((bytes *)values.at)->length);
    fields_drop(from);
}

// Copies a body with its trailers; both are given away, the one to drop without having been finished if the other broke off
static void pass_on(handle from, handle to)
{
    result_handle in, out;
    incoming_stream(from, &in);
    outgoing_write(to, &out);
    expect(!in.failed && !out.failed);
    result_bytes read;
    bool taken = true;
    do
    {
        arena_reset();
        stream_read(in.value, CHUNK, &read);
    } while (!read.failed && (taken = write_all(out.value, read.value.at, read.value.length)));
    bool broken = read.failed && *(uint8_t *)&read.value == 0; // last-operation-failed; closed is the end
    if (broken)
        error_drop(*((handle *)&read.value + 1));
    input_drop(in.value);
    result_stream flushed;
    stream_flush(out.value, &flushed);
    output_drop(out.value);

    handle future = incoming_finish(from);
    if (broken || !taken)
    {
        trailers_drop(future);
        outgoing_body_drop(to);
        return;
    }
    option_trailers trailers;
    wait(trailers_subscribe(future));
    trailers_get(future, &trailers);
    trailers_drop(future);
    bool has_trailers = trailers.some && !trailers.failed && !trailers.inner_failed && trailers.has_trailers;
    finish(to, has_trailers, has_trailers ? trailers.trailers : 0);
}

static void tell_error(handle out, uint8_t code)
{
    char text[] = "error-code 00\n";
    text[11] = '0' + code / 10;
    text[12] = '0' + code % 10;
    handle body = respond(out, 502, fields_new());
    result_handle stream;
    outgoing_write(body, &stream);
    expect(!stream.failed);
    write_all(stream.value, (uint8_t *)text, sizeof text - 1);
    output_drop(stream.value);
    finish(body, 0, 0);
}

static bool target_starts_with(const char *start, size_t length)
{
    for (size_t i = 0; start[i]; i++)
        if (i == length || target[i] != start[i])
            return false;
    return true;
}

// The request that the path asks for; false when it asks for none
static bool make_request(handle request, handle *outgoing)
{
    option_bytes path;
    request_path(request, &path);
    if (!path.some || path.value.length > sizeof target)
        return false;
    __builtin_memcpy(target, path.value.at, path.value.length);
    bool tls = target_starts_with("/https/", path.value.length);
    if (!tls && !target_starts_with("/http/", path.value.length))
        return false;
    size_t host = tls ? 7 : 6, end = host;
    while (end < path.value.length && target[end] != '/')
        end++;

    handle headers = fields_new();
    copy_header(request_headers(request), headers, "content-type");
    *outgoing = outgoing_new(headers);
    method method;
    request_method(request, &method);
    return outgoing_set_method(*outgoing, method.tag, method.other.at, method.other.length) == 0
        && outgoing_set_scheme(*outgoing, 1, tls ? HTTPS : HTTP, 0, 0) == 0
        && outgoing_set_authority(*outgoing, 1, target + host, end - host) == 0
        && outgoing_set_path(*outgoing, end < path.value.length, target + end, path.value.length - end) == 0;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    handle outgoing;
    if (!make_request(request, &outgoing))
    {
        finish(respond(out, 404, fields_new()), 0, 0);
        return;
    }
    result_handle incoming, body, came;
    request_consume(request, &incoming);
    outgoing_body(outgoing, &body);
    expect(!incoming.failed && !body.failed);
    result_future sent;
    send(outgoing, 0, 0, &sent);
    if (sent.failed)
    {
        outgoing_body_drop(body.value);
        tell_error(out, sent.error);
        return;
    }
    pass_on(incoming.value, body.value);

    option_response result;
    wait(future_subscribe(sent.value));
    future_get(sent.value, &result);
    future_drop(sent.value);
    if (!result.some || result.failed || result.inner_failed)
    {
        tell_error(out, result.error);
        return;
    }
    handle headers = fields_new();
    arena_reset();
    copy_header(response_headers(result.value), headers, "content-type");
    response_consume(result.value, &came);
    expect(!came.failed);
    pass_on(came.value, respond(out, response_status(result.value), headers));
    response_drop(result.value);
    request_drop(request);
}
