// Counts: each request adds one to the number kept under its path ("default" for none) and answers {"counter":N}; 503 with the reason
// when the store refuses.
#include "text.h"

#define STORE "wasi:keyvalue/store@0.2.0-draft"
#define ATOMICS "wasi:keyvalue/atomics@0.2.0-draft"

enum { NO_SUCH_STORE, ACCESS_DENIED, OTHER };

typedef struct { uint8_t failed; union { handle bucket; struct { uint8_t error; bytes reason; }; }; } result_bucket;
typedef struct { uint8_t failed; union { uint64_t value; struct { uint8_t error; bytes reason; }; }; } result_count;

IMPORT(STORE, "open") void store_open(const char *name, size_t length, result_bucket *bucket);
IMPORT(STORE, "[resource-drop]bucket") void bucket_drop(handle bucket);
IMPORT(ATOMICS, "increment") void bucket_increment(handle bucket, const void *key, size_t length, int64_t delta, result_count *count);

static void append_error(uint8_t error, bytes reason)
{
    if (error == NO_SUCH_STORE)
        append_words("no such store");
    else if (error == ACCESS_DENIED)
        append_words("access denied");
    else
        append_bytes(reason);
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
    append_words("{\"counter\":");
    append_number((int64_t)counted.value);
    append_words("}");
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
    answer(request, out, counted ? 200 : 503, counted ? "application/json" : "text/plain; charset=utf-8");
}
