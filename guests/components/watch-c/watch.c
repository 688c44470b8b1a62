// Writes to its log what happens in a bucket, "KEY = VALUE" and "KEY is gone", and to the bucket, under "last", which key it was. VERSION is that of
// wasi:keyvalue.
#include "text.h"

#define STORE "wasi:keyvalue/store@" VERSION
#define WATCHER "wasi:keyvalue/watcher@" VERSION "#"

typedef struct { uint8_t failed; struct { uint8_t tag; bytes reason; } error; } result_done;

IMPORT(STORE, "[method]bucket.set") void bucket_set(handle bucket, const void *key, size_t key_length, const void *value, size_t value_length, result_done *done);
IMPORT(STORE, "[resource-drop]bucket") void bucket_drop(handle bucket);
IMPORT("wasi:logging/logging@0.1.0-draft", "log") void say(int32_t level, const void *context, size_t context_length, const void *text, size_t length);

static void note(handle bucket, bytes key)
{
    result_done done;
    bucket_set(bucket, "last", 4, key.at, key.length, &done);
    if (done.failed)
        append_words(done.error.tag == 1 ? ", which it may not write down" : ", which it cannot write down");
    say(2, "", 0, text, text_length);
    bucket_drop(bucket);
    text_length = 0;
    arena_reset();
}

EXPORT(WATCHER "on-set") void on_set(handle bucket, uint8_t *key, size_t key_length, uint8_t *value, size_t value_length)
{
    append(key, key_length);
    append_words(" = ");
    append(value, value_length);
    note(bucket, (bytes){ key, key_length });
}

EXPORT(WATCHER "on-delete") void on_delete(handle bucket, uint8_t *key, size_t key_length)
{
    append(key, key_length);
    append_words(" is gone");
    note(bucket, (bytes){ key, key_length });
}
