// Counts: each request adds one to the number kept under its path ("default" for none) and answers {"counter":N}; 503 with the reason
// when the store refuses.
#include "http.h"

#define STORE "wasi:keyvalue/store@0.2.0-draft"
#define ATOMICS "wasi:keyvalue/atomics@0.2.0-draft"

enum { NO_SUCH_STORE, ACCESS_DENIED, OTHER };

typedef struct { uint8_t failed; union { handle bucket; struct { uint8_t error; bytes reason; }; }; } result_bucket;
typedef struct { uint8_t failed; union { uint64_t value; struct { uint8_t error; bytes reason; }; }; } result_count;

IMPORT(STORE, "open") void store_open(const char *name, size_t length, result_bucket *bucket);
IMPORT(STORE, "[resource-drop]bucket") void bucket_drop(handle bucket);
IMPORT(ATOMICS, "increment") void bucket_increment(handle bucket, const void *key, size_t length, int64_t delta, result_count *count);

static uint8_t text[1024];
static size_t text_length;

static void append(const void *at, size_t length)
{
    if (length > sizeof text - text_length)
        length = sizeof text - text_length;
    __builtin_memcpy(text + text_length, at, length);
    text_length += length;
}

static void append_number(uint64_t value)
{
    uint8_t digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = '0' + value % 10;
    while (value /= 10);
    append(digits + at, sizeof digits - at);
}

static void append_error(uint8_t error, bytes reason)
{
    if (error == NO_SUCH_STORE)
        append("no such store", 13);
    else if (error == ACCESS_DENIED)
        append("access denied", 13);
    else
        append(reason.at, reason.length);
}

// True when `text` is the new count, false when it is why there is none
static bool count(bytes key)
{
    result_bucket bucket;
    store_open("default", 7, &bucket);
    if (bucket.failed)
    {
        append_error(bucket.error, bucket.reason);
        return false;
    }
    result_count counted;
    bucket_increment(bucket.bucket, key.at, key.length, 1, &counted);
    bucket_drop(bucket.bucket);
    if (counted.failed)
    {
        append_error(counted.error, counted.reason);
        return false;
    }
    append("{\"counter\":", 11);
    append_number(counted.value);
    append("}", 1);
    return true;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    text_length = 0;
    option_bytes path;
    request_path(request, &path);
    bytes key = { (uint8_t *)"default", 7 };
    if (path.some && path.value.length > 1 && path.value.at[1] != '?')
    {
        key = (bytes){ path.value.at + 1, 0 };
        while (key.length < path.value.length - 1 && key.at[key.length] != '?')
            key.length++;
    }

    bool counted = count(key);
    handle headers = fields_new();
    if (counted)
        add_header(headers, "content-type", "application/json", 16);
    else
        add_header(headers, "content-type", "text/plain; charset=utf-8", 25);
    handle body = respond(out, counted ? 200 : 503, headers);
    result_handle stream;
    result_stream written;
    outgoing_write(body, &stream);
    stream_write_all(stream.value, text, text_length, &written);
    output_drop(stream.value);
    finish(body, 0, 0);
    request_drop(request);
}
