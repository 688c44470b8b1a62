// wasi:http as C functions, by hand: what the Canonical ABI makes of the signatures in wasi.wit, for guests without a C library.
#pragma once
#include "abi.h"

#define TYPES "wasi:http/types@0.2.0"
#define STREAMS "wasi:io/streams@0.2.0"
#define POLL "wasi:io/poll@0.2.0"

typedef int32_t handle;

// Results and options that return through memory: a tag, then the value at its alignment
typedef struct { uint8_t some; bytes value; } option_bytes;
typedef struct { uint8_t failed; handle value; } result_handle;
typedef struct { uint8_t failed; bytes value; } result_bytes;                        // the error in value: a stream-error's tag, its handle
typedef struct { uint8_t failed; _Alignas(4) uint8_t error; handle detail; } result_stream;  // a stream-error
typedef struct { uint8_t failed; union { uint64_t value; uint8_t error; }; } result_size;
typedef struct { uint8_t failed; uint8_t error; } result_header;
typedef struct { uint8_t failed; uint64_t error[4]; } result_http;                   // an error-code takes 32 bytes
typedef struct
{
    uint8_t some;
    _Alignas(8) uint8_t failed;
    _Alignas(8) uint8_t inner_failed;
    _Alignas(8) uint8_t has_trailers;
    handle trailers;
    uint64_t rest[3];
} option_trailers;

IMPORT(TYPES, "[method]incoming-request.path-with-query") void request_path(handle request, option_bytes *path);
IMPORT(TYPES, "[method]incoming-request.headers") handle request_headers(handle request);
IMPORT(TYPES, "[method]incoming-request.consume") void request_consume(handle request, result_handle *body);
IMPORT(TYPES, "[resource-drop]incoming-request") void request_drop(handle request);

IMPORT(TYPES, "[method]incoming-body.stream") void incoming_stream(handle body, result_handle *stream);
IMPORT(TYPES, "[static]incoming-body.finish") handle incoming_finish(handle body);
IMPORT(TYPES, "[method]future-trailers.subscribe") handle trailers_subscribe(handle future);
IMPORT(TYPES, "[method]future-trailers.get") void trailers_get(handle future, option_trailers *trailers);
IMPORT(TYPES, "[resource-drop]future-trailers") void trailers_drop(handle future);

IMPORT(TYPES, "[constructor]fields") handle fields_new(void);
IMPORT(TYPES, "[method]fields.get") void fields_get(handle fields, const char *name, size_t name_length, bytes *values);
IMPORT(TYPES, "[method]fields.append") void fields_append(
    handle fields, const char *name, size_t name_length, const void *value, size_t value_length, result_header *result);
IMPORT(TYPES, "[resource-drop]fields") void fields_drop(handle fields);

IMPORT(TYPES, "[constructor]outgoing-response") handle response_new(handle headers);
IMPORT(TYPES, "[method]outgoing-response.set-status-code") int32_t response_set_status(handle response, int32_t status);
IMPORT(TYPES, "[method]outgoing-response.body") void response_body(handle response, result_handle *body);
IMPORT(TYPES, "[static]response-outparam.set") void outparam_set(
    handle out, int32_t failed, handle response, int32_t, int64_t, int32_t, int32_t, int32_t, int32_t);

IMPORT(TYPES, "[method]outgoing-body.write") void outgoing_write(handle body, result_handle *stream);
IMPORT(TYPES, "[static]outgoing-body.finish") void outgoing_finish(handle body, int32_t has_trailers, handle trailers, result_http *result);

IMPORT(STREAMS, "[method]input-stream.blocking-read") void stream_read(handle stream, int64_t length, result_bytes *read);
IMPORT(STREAMS, "[resource-drop]input-stream") void input_drop(handle stream);
IMPORT(STREAMS, "[method]output-stream.check-write") void stream_check(handle stream, result_size *free);
IMPORT(STREAMS, "[method]output-stream.write") void stream_write(handle stream, const void *at, size_t length, result_stream *result);
IMPORT(STREAMS, "[method]output-stream.blocking-flush") void stream_flush(handle stream, result_stream *result);
IMPORT(STREAMS, "[method]output-stream.blocking-write-and-flush") void stream_write_all(
    handle stream, const void *at, size_t length, result_stream *result);
IMPORT(STREAMS, "[method]output-stream.subscribe") handle stream_subscribe(handle stream);
IMPORT(STREAMS, "[resource-drop]output-stream") void output_drop(handle stream);
IMPORT("wasi:io/error@0.2.0", "[resource-drop]error") void error_drop(handle error);

IMPORT(POLL, "[method]pollable.block") void pollable_block(handle pollable);
IMPORT(POLL, "[resource-drop]pollable") void pollable_drop(handle pollable);

static inline void expect(bool holds) { if (!holds) __builtin_trap(); }

// Sends the status and header fields; what follows is the response's body
static inline handle respond(handle out, int32_t status, handle headers)
{
    handle response = response_new(headers);
    result_handle body;
    expect(response_set_status(response, status) == 0);
    response_body(response, &body);
    expect(!body.failed);
    outparam_set(out, 0, response, 0, 0, 0, 0, 0, 0);
    return body.value;
}

static inline void add_header(handle headers, const char *name, const void *value, size_t length)
{
    result_header result;
    fields_append(headers, name, __builtin_strlen(name), value, length, &result);
    expect(!result.failed);
}

static inline void finish(handle body, int32_t has_trailers, handle trailers)
{
    result_http result;
    outgoing_finish(body, has_trailers, trailers, &result);
}

static inline void wait(handle pollable)
{
    pollable_block(pollable);
    pollable_drop(pollable);
}

// False when whoever reads has gone: nothing is left to do then
static inline bool write_all(handle stream, const uint8_t *at, size_t length)
{
    while (length > 0)
    {
        result_size free;
        stream_check(stream, &free);
        if (free.failed)
            return false;
        if (free.value == 0)
        {
            wait(stream_subscribe(stream));
            continue;
        }
        size_t now = free.value < length ? (size_t)free.value : length;
        result_stream written;
        stream_write(stream, at, now, &written);
        if (written.failed)
            return false;
        at += now;
        length -= now;
    }
    return true;
}
