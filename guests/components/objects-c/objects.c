// Keeps objects through wasi:blobstore, streamed in the constant memory of one chunk:
//   PUT    /C/NAME             the request's body becomes the object; its container is made when missing
//   PUT    /C/NAME?drop        the same, but the object is dropped before it is finished
//   GET    /C/NAME             the object, with ?FIRST-LAST only these bytes
//   GET    /C                  the names in the container
//   DELETE /C/NAME  or /C      deletes the object, or the container with all in it; /C?clear keeps the container
//   GET    /C/NAME?size        how many bytes it has
//   POST   /C/NAME?copy=TO     gives the object a second name, ?move=TO another one
// %XX in the path stands for a byte. 404 for what is not there, 503 with the reason when the store refuses.
#include "http.h"

#define BLOBSTORE "wasi:blobstore/blobstore@0.2.0-draft"
#define CONTAINER "wasi:blobstore/container@0.2.0-draft"
#define BLOBS "wasi:blobstore/types@0.2.0-draft"

enum { GET, HEAD, POST, PUT, DELETE };
enum { CHUNK = 64 * 1024, NAMES = 64 };

typedef struct { uint8_t tag; bytes other; } method;
typedef struct { uint8_t failed; union { handle value; bytes error; }; } result_opened;
typedef struct { uint8_t failed; bytes error; } result_done;
typedef struct { uint8_t failed; union { uint8_t value; bytes error; }; } result_truth;
typedef struct { uint8_t failed; union { struct { struct { bytes *at; size_t length; } names; uint8_t end; }; bytes error; }; } result_names;
typedef struct { uint8_t failed; union { struct { bytes name, container; uint64_t created, size; }; bytes error; }; } result_info;

IMPORT(TYPES, "[method]incoming-request.method") void request_method(handle request, method *method);
IMPORT(BLOBSTORE, "create-container") void container_create(const void *name, size_t length, result_opened *container);
IMPORT(BLOBSTORE, "get-container") void container_get(const void *name, size_t length, result_opened *container);
IMPORT(BLOBSTORE, "delete-container") void container_delete(const void *name, size_t length, result_done *done);
IMPORT(BLOBSTORE, "container-exists") void container_exists(const void *name, size_t length, result_truth *exists);
IMPORT(BLOBSTORE, "copy-object") void object_copy(
    const void *, size_t, const void *, size_t, const void *, size_t, const void *, size_t, result_done *done);
IMPORT(BLOBSTORE, "move-object") void object_move(
    const void *, size_t, const void *, size_t, const void *, size_t, const void *, size_t, result_done *done);
IMPORT(CONTAINER, "[method]container.get-data") void container_read(
    handle container, const void *name, size_t length, uint64_t first, uint64_t last, result_opened *value);
IMPORT(CONTAINER, "[method]container.write-data") void container_write(handle container, const void *name, size_t length, handle value, result_done *done);
IMPORT(CONTAINER, "[method]container.list-objects") void container_list(handle container, result_opened *names);
IMPORT(CONTAINER, "[method]container.delete-object") void container_remove(handle container, const void *name, size_t length, result_done *done);
IMPORT(CONTAINER, "[method]container.has-object") void container_has(handle container, const void *name, size_t length, result_truth *has);
IMPORT(CONTAINER, "[method]container.object-info") void container_info(handle container, const void *name, size_t length, result_info *info);
IMPORT(CONTAINER, "[method]container.clear") void container_clear(handle container, result_done *done);
IMPORT(CONTAINER, "[resource-drop]container") void container_drop(handle container);
IMPORT(CONTAINER, "[method]stream-object-names.read-stream-object-names") void names_read(handle names, uint64_t most, result_names *read);
IMPORT(CONTAINER, "[resource-drop]stream-object-names") void names_drop(handle names);
IMPORT(BLOBS, "[static]outgoing-value.new-outgoing-value") handle outgoing_new(void);
IMPORT(BLOBS, "[method]outgoing-value.outgoing-value-write-body") void outgoing_body(handle value, result_handle *stream);
IMPORT(BLOBS, "[static]outgoing-value.finish") void outgoing_commit(handle value, result_done *done);
IMPORT(BLOBS, "[resource-drop]outgoing-value") void outgoing_drop(handle value);
IMPORT(BLOBS, "[static]incoming-value.incoming-value-consume-async") void incoming_consume(handle value, result_opened *stream);
IMPORT(BLOBS, "[method]incoming-value.size") uint64_t incoming_size(handle value);

// What a request asks for; texts lie in `path`
typedef struct { handle request, out; bytes container, object, query; } call;

static uint8_t path[8 * 1024], digits[20];

static bytes number(uint64_t value)
{
    size_t at = sizeof digits;
    do
        digits[--at] = '0' + value % 10;
    while (value /= 10);
    return (bytes){ digits + at, sizeof digits - at };
}

// Answers a text; nothing else is sent then
static void answer(call call, int32_t status, bytes text)
{
    result_handle stream;
    handle body = respond(call.out, status, fields_new());
    outgoing_write(body, &stream);
    expect(!stream.failed);
    write_all(stream.value, text.at, text.length);
    output_drop(stream.value);
    finish(body, 0, 0);
}

static void refuse(call call, bytes reason) { answer(call, 503, reason); }

static void none(call call) { answer(call, 404, (bytes){ path, 0 }); }

static void done(call call, result_done result)
{
    if (result.failed)
        refuse(call, result.error);
    else
        answer(call, 200, (bytes){ path, 0 });
}

static bool is(bytes text, const char *word)
{
    size_t length = __builtin_strlen(word);
    if (text.length < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text.at[i] != (uint8_t)word[i])
            return false;
    return true;
}

static int hex(uint8_t digit) { return digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10; }

// /CONTAINER/OBJECT?QUERY, their %XX taken for bytes; an object's name may have slashes
static void split(call *call, bytes whole)
{
    bytes *part = &call->container;
    size_t end = 0;
    *part = (bytes){ path, 0 };
    call->object = call->query = (bytes){ path, 0 };
    for (size_t i = 1; i < whole.length && end < sizeof path; i++)
    {
        uint8_t byte = whole.at[i];
        if ((byte == '/' && part == &call->container) || (byte == '?' && part != &call->query))
        {
            part = byte == '?' ? &call->query : &call->object;
            *part = (bytes){ path + end, 0 };
            continue;
        }
        if (byte == '%' && i + 2 < whole.length)
        {
            byte = (uint8_t)(hex(whole.at[i + 1]) * 16 + hex(whole.at[i + 2]));
            i += 2;
        }
        path[end++] = byte;
        part->length++;
    }
}

static uint64_t parse(bytes text, size_t *at)
{
    uint64_t value = 0;
    for (; *at < text.length && text.at[*at] >= '0' && text.at[*at] <= '9'; ++*at)
        value = value * 10 + (text.at[*at] - '0');
    ++*at; // what stands between two numbers
    return value;
}

// False when it has been answered already
static bool open(call call, handle *container)
{
    result_truth exists;
    container_exists(call.container.at, call.container.length, &exists);
    if (exists.failed || !exists.value)
    {
        if (exists.failed)
            refuse(call, exists.error);
        else
            none(call);
        return false;
    }
    result_opened opened;
    container_get(call.container.at, call.container.length, &opened);
    if (opened.failed)
        refuse(call, opened.error);
    else
        *container = opened.value;
    return !opened.failed;
}

static bool has(call call, handle container)
{
    result_truth has;
    container_has(container, call.object.at, call.object.length, &has);
    if (has.failed)
        refuse(call, has.error);
    else if (!has.value)
        none(call);
    return !has.failed && has.value;
}

// Sends the request's body on; false when nobody takes it
static bool send_body(handle request, handle to)
{
    result_handle body, from;
    request_consume(request, &body);
    expect(!body.failed);
    incoming_stream(body.value, &from);
    expect(!from.failed);
    bool taken = true;
    while (taken)
    {
        result_bytes read;
        arena_reset();
        stream_read(from.value, CHUNK, &read);
        if (read.failed)
        {
            expect(*(uint8_t *)&read.value == 1); // closed: a body that breaks off is no object
            break;
        }
        taken = write_all(to, read.value.at, read.value.length);
    }
    input_drop(from.value);
    handle future = incoming_finish(body.value);
    trailers_drop(future);
    return taken;
}

static void put(call call)
{
    result_opened created, container;
    container_create(call.container.at, call.container.length, &created);
    container = created;
    if (created.failed) // mostly because it is there
        container_get(call.container.at, call.container.length, &container);
    if (container.failed)
    {
        refuse(call, created.error);
        return;
    }
    handle value = outgoing_new();
    result_done written;
    container_write(container.value, call.object.at, call.object.length, value, &written);
    if (written.failed)
    {
        refuse(call, written.error);
        return;
    }
    result_handle stream;
    outgoing_body(value, &stream);
    expect(!stream.failed);
    send_body(call.request, stream.value); // when it is not taken, the end says why
    output_drop(stream.value);
    if (is(call.query, "drop"))
    {
        outgoing_drop(value);
        written.failed = false;
    }
    else
        outgoing_commit(value, &written);
    done(call, written);
}

static void get(call call, handle container)
{
    size_t at = 0;
    uint64_t first = 0, last = UINT64_MAX;
    if (call.query.length > 0)
    {
        first = parse(call.query, &at);
        last = parse(call.query, &at);
    }
    result_opened value, stream;
    container_read(container, call.object.at, call.object.length, first, last, &value);
    if (value.failed)
    {
        refuse(call, value.error);
        return;
    }
    handle headers = fields_new();
    bytes length = number(incoming_size(value.value));
    add_header(headers, "content-length", length.at, length.length);
    incoming_consume(value.value, &stream);
    expect(!stream.failed);

    result_handle to;
    handle body = respond(call.out, 200, headers);
    outgoing_write(body, &to);
    expect(!to.failed);
    for (bool taken = true; taken;)
    {
        result_bytes read;
        arena_reset();
        stream_read(stream.value, CHUNK, &read);
        if (read.failed)
        {
            expect(*(uint8_t *)&read.value == 1); // closed; what is damaged must not look whole
            break;
        }
        taken = write_all(to.value, read.value.at, read.value.length);
    }
    input_drop(stream.value);
    output_drop(to.value);
    finish(body, 0, 0);
}

static void list(call call, handle container)
{
    result_opened names;
    container_list(container, &names);
    if (names.failed)
    {
        refuse(call, names.error);
        return;
    }
    result_handle to;
    handle body = respond(call.out, 200, fields_new());
    outgoing_write(body, &to);
    expect(!to.failed);
    for (bool end = false; !end;)
    {
        result_names read;
        arena_reset();
        names_read(names.value, NAMES, &read);
        expect(!read.failed);
        for (size_t i = 0; i < read.names.length; i++)
        {
            write_all(to.value, read.names.at[i].at, read.names.at[i].length);
            write_all(to.value, (const uint8_t *)"\n", 1);
        }
        end = read.end;
    }
    names_drop(names.value);
    output_drop(to.value);
    finish(body, 0, 0);
}

static void info(call call, handle container)
{
    result_info info;
    container_info(container, call.object.at, call.object.length, &info);
    if (info.failed)
        refuse(call, info.error);
    else
        answer(call, 200, number(info.size));
}

static void rename_to(call call, bool move)
{
    result_done result;
    bytes to = { call.query.at + 5, call.query.length - 5 };
    (move ? object_move : object_copy)(call.container.at, call.container.length, call.object.at, call.object.length,
        call.container.at, call.container.length, to.at, to.length, &result);
    done(call, result);
}

static void delete(call call, handle container)
{
    result_done result;
    if (call.object.length > 0)
        container_remove(container, call.object.at, call.object.length, &result);
    else if (is(call.query, "clear"))
        container_clear(container, &result);
    else
        container_delete(call.container.at, call.container.length, &result);
    done(call, result);
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    call call = { .request = request, .out = out };
    option_bytes path_with_query;
    method method;
    arena_reset();
    request_path(request, &path_with_query);
    split(&call, path_with_query.value);
    request_method(request, &method);
    handle container;
    if (method.tag == PUT)
    {
        put(call);
        return;
    }
    if (!open(call, &container) || (call.object.length > 0 && !has(call, container)))
        return;
    if (method.tag == DELETE)
        delete(call, container);
    else if (is(call.query, "copy=") || is(call.query, "move="))
        rename_to(call, is(call.query, "move="));
    else if (is(call.query, "size"))
        info(call, container);
    else if (call.object.length > 0)
        get(call, container);
    else
        list(call, container);
    container_drop(container);
}
