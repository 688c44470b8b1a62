// A key-value store by HTTP, each path a call of wasi:keyvalue on the store "default":
//   /get/K  /set/K/V  /delete/K  /exists/K  /keys  /add/K/N  /append/K/V (by cas)  /in/STORE/get/K and so on
//   /get-many/K/K...  /set-many/K/V/K/V...  /delete-many/K/K...  /race/K/V (a cas that another write overtakes)
// %XX stands for a byte. 200 with what there is, 404 for no value, 503 with the reason when the store refuses.
#define TEXT_ROOM (64 * 1024)
#include "text.h"

#define STORE "wasi:keyvalue/store@0.2.0-draft2"
#define ATOMICS "wasi:keyvalue/atomics@0.2.0-draft2"
#define BATCH "wasi:keyvalue/batch@0.2.0-draft2"

enum { NO_SUCH_STORE, ACCESS_DENIED, OTHER };
enum { PARTS = 16 };

typedef struct { uint8_t tag; bytes reason; } error;
typedef struct { uint8_t failed; union { handle value; error error; }; } result_opened;
typedef struct { uint8_t failed; union { struct { uint8_t some; bytes value; }; error error; }; } result_value;
typedef struct { uint8_t failed; error error; } result_done;
typedef struct { uint8_t failed; union { uint8_t value; error error; }; } result_truth;
typedef struct { uint8_t failed; union { int64_t value; error error; }; } result_sum;
typedef struct { uint8_t failed; _Alignas(4) uint8_t is_stale; union { handle newer; error error; }; } result_swap;
typedef struct { bytes *at; size_t length; } texts;
typedef struct { uint8_t failed; union { struct { texts keys; uint8_t more; bytes cursor; }; error error; }; } result_keys;
typedef struct { uint8_t some; bytes key, value; } option_pair;
typedef struct { uint8_t failed; union { struct { option_pair *at; size_t length; } pairs; error error; }; } result_pairs;

IMPORT(STORE, "open") void store_open(const void *name, size_t length, result_opened *bucket);
IMPORT(STORE, "[resource-drop]bucket") void bucket_drop(handle bucket);
IMPORT(STORE, "[method]bucket.get") void bucket_get(handle bucket, const void *key, size_t length, result_value *value);
IMPORT(STORE, "[method]bucket.set") void bucket_set(handle bucket, const void *key, size_t length, const void *value, size_t value_length, result_done *done);
IMPORT(STORE, "[method]bucket.delete") void bucket_delete(handle bucket, const void *key, size_t length, result_done *done);
IMPORT(STORE, "[method]bucket.exists") void bucket_exists(handle bucket, const void *key, size_t length, result_truth *exists);
IMPORT(STORE, "[method]bucket.list-keys") void bucket_keys(handle bucket, int32_t has_cursor, const void *cursor, size_t length, result_keys *keys);
IMPORT(ATOMICS, "increment") void bucket_increment(handle bucket, const void *key, size_t length, int64_t delta, result_sum *sum);
IMPORT(ATOMICS, "[static]cas.new") void cas_new(handle bucket, const void *key, size_t length, result_opened *cas);
IMPORT(ATOMICS, "[method]cas.current") void cas_current(handle cas, result_value *value);
IMPORT(ATOMICS, "swap") void cas_swap(handle cas, const void *value, size_t length, result_swap *done);
IMPORT(BATCH, "get-many") void bucket_get_many(handle bucket, const bytes *keys, size_t count, result_pairs *pairs);
IMPORT(BATCH, "set-many") void bucket_set_many(handle bucket, const bytes *pairs, size_t count, result_done *done);
IMPORT(BATCH, "delete-many") void bucket_delete_many(handle bucket, const bytes *keys, size_t count, result_done *done);

static uint8_t path[8 * 1024];
static int32_t status;

static void refuse(error error)
{
    status = 503;
    if (error.tag == NO_SUCH_STORE)
        append_words("no such store");
    else if (error.tag == ACCESS_DENIED)
        append_words("access denied");
    else
        append_bytes(error.reason);
}

static void say_value(result_value value)
{
    if (value.failed)
        refuse(value.error);
    else if (value.some)
        append_bytes(value.value);
    else
        status = 404;
}

static void say_done(result_done done)
{
    if (done.failed)
        refuse(done.error);
}

static int hex(uint8_t digit) { return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10; }

// The parts between slashes, their %XX taken for bytes
static size_t split(bytes whole, bytes *parts)
{
    size_t count = 0, end = 0;
    for (size_t i = 0; i < whole.length && end < sizeof path; i++)
    {
        if (whole.at[i] == '/')
        {
            if (count == PARTS)
                break;
            parts[count++] = (bytes){ path + end, 0 };
            continue;
        }
        uint8_t byte = whole.at[i];
        if (byte == '%' && i + 2 < whole.length)
        {
            byte = (uint8_t)(hex(whole.at[i + 1]) * 16 + hex(whole.at[i + 2]));
            i += 2;
        }
        path[end++] = byte;
        if (count > 0)
            parts[count - 1].length++;
    }
    return count;
}

static int64_t number(bytes digits)
{
    int64_t value = 0;
    bool negative = digits.length > 0 && digits.at[0] == '-';
    for (size_t i = negative; i < digits.length; i++)
        value = value * 10 + (digits.at[i] - '0');
    return negative ? -value : value;
}

static void list(handle bucket)
{
    result_keys page;
    bucket_keys(bucket, 0, 0, 0, &page);
    while (true)
    {
        if (page.failed)
        {
            refuse(page.error);
            return;
        }
        for (size_t i = 0; i < page.keys.length; i++)
        {
            append_bytes(page.keys.at[i]);
            append_words("\n");
        }
        if (!page.more)
            return;
        bytes cursor = page.cursor;
        bucket_keys(bucket, 1, cursor.at, cursor.length, &page);
    }
}

static void get_many(handle bucket, const bytes *keys, size_t count)
{
    result_pairs pairs;
    bucket_get_many(bucket, keys, count, &pairs);
    if (pairs.failed)
    {
        refuse(pairs.error);
        return;
    }
    for (size_t i = 0; i < pairs.pairs.length; i++)
    {
        option_pair pair = pairs.pairs.at[i];
        if (pair.some)
        {
            append_bytes(pair.key);
            append_words("=");
            append_bytes(pair.value);
        }
        append_words("\n");
    }
}

// Adds to the end of a value; with `overtaken`, another write comes between the look and the swap, the first time
static void append_to(handle bucket, bytes key, bytes more, bool overtaken)
{
    result_opened opened;
    cas_new(bucket, key.at, key.length, &opened);
    if (opened.failed)
    {
        refuse(opened.error);
        return;
    }
    handle cas = opened.value;
    while (true)
    {
        result_value current;
        cas_current(cas, &current);
        if (current.failed)
        {
            refuse(current.error);
            return;
        }
        text_length = 0;
        if (current.some)
            append_bytes(current.value);
        append_bytes(more);
        if (overtaken)
        {
            result_done done;
            bucket_set(bucket, key.at, key.length, "overtaken", 9, &done);
            overtaken = false;
        }
        result_swap swapped;
        cas_swap(cas, text, text_length, &swapped);
        if (!swapped.failed)
            return;
        if (!swapped.is_stale)
        {
            text_length = 0;
            refuse(swapped.error);
            return;
        }
        cas = swapped.newer;
    }
}

static void serve(handle bucket, const bytes *parts, size_t count)
{
    bytes key = count > 1 ? parts[1] : (bytes){ path, 0 }, value = count > 2 ? parts[2] : (bytes){ path, 0 };
    if (is(parts[0], "get"))
    {
        result_value got;
        bucket_get(bucket, key.at, key.length, &got);
        say_value(got);
    }
    else if (is(parts[0], "set"))
    {
        result_done done;
        bucket_set(bucket, key.at, key.length, value.at, value.length, &done);
        say_done(done);
    }
    else if (is(parts[0], "delete"))
    {
        result_done done;
        bucket_delete(bucket, key.at, key.length, &done);
        say_done(done);
    }
    else if (is(parts[0], "exists"))
    {
        result_truth exists;
        bucket_exists(bucket, key.at, key.length, &exists);
        if (exists.failed)
            refuse(exists.error);
        else
            append_words(exists.value ? "yes" : "no");
    }
    else if (is(parts[0], "add"))
    {
        result_sum sum;
        bucket_increment(bucket, key.at, key.length, number(value), &sum);
        if (sum.failed)
            refuse(sum.error);
        else
            append_number(sum.value);
    }
    else if (is(parts[0], "set-many") || is(parts[0], "delete-many"))
    {
        result_done done;
        if (is(parts[0], "set-many"))
            bucket_set_many(bucket, parts + 1, (count - 1) / 2, &done);
        else
            bucket_delete_many(bucket, parts + 1, count - 1, &done);
        say_done(done);
    }
    else if (is(parts[0], "keys"))
        list(bucket);
    else if (is(parts[0], "get-many"))
        get_many(bucket, parts + 1, count - 1);
    else if (is(parts[0], "append") || is(parts[0], "race"))
        append_to(bucket, key, value, is(parts[0], "race"));
    else
        status = 404;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    text_length = 0;
    status = 200;
    option_bytes whole;
    request_path(request, &whole);
    bytes parts[PARTS];
    size_t count = whole.some ? split(whole.value, parts) : 0, first = 0;
    bytes name = { (uint8_t *)"default", 7 };
    if (count > 2 && is(parts[0], "in"))
    {
        name = parts[1];
        first = 2;
    }
    result_opened bucket;
    store_open(name.at, name.length, &bucket);
    if (bucket.failed)
        refuse(bucket.error);
    else
    {
        if (count > first)
            serve(bucket.value, parts + first, count - first);
        bucket_drop(bucket.value);
    }

    answer(request, out, status, 0);
}
