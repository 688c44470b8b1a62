// Keeps files in the first folder that it was granted, by HTTP:
//   PUT /NAME     keeps the body: all of it or, when something goes wrong, what there was before; 507 when there is no room for it
//   GET /NAME     answers with it, 404 when there is none
//   DELETE /NAME  removes it
//   GET /         answers with their names, a line each
#include "http.h"

#define FILES "wasi:filesystem/types@0.2.0"

enum { GET = 0, PUT = 3, DELETE = 4 };
enum { NO_ENTRY = 20, INSUFFICIENT_SPACE = 23 };
enum { READ = 1, WRITE = 2, CREATE = 1, EXCLUSIVE = 4 };
enum { CHUNK = 64 * 1024 };

typedef struct { uint8_t tag; bytes other; } method;
typedef struct { handle descriptor; bytes path; } directory;
typedef struct { directory *at; size_t length; } directories;
typedef struct { uint8_t failed; union { handle value; uint8_t error; }; } result_opened;
typedef struct { uint8_t failed; uint8_t error; } result_done;
typedef struct { uint8_t failed; union { struct { uint8_t some; struct { uint8_t type; bytes name; } entry; }; uint8_t error; }; } result_entry;
typedef struct { uint8_t some; uint8_t code; } option_code;

IMPORT(TYPES, "[method]incoming-request.method") void request_method(handle request, method *method);
IMPORT("wasi:filesystem/preopens@0.2.0", "get-directories") void get_directories(directories *directories);
IMPORT("wasi:random/insecure@0.2.0", "get-insecure-random-u64") uint64_t random_number(void);
IMPORT(FILES, "[method]descriptor.open-at") void open_at(
    handle folder, int32_t path_flags, const void *path, size_t length, int32_t open_flags, int32_t flags, result_opened *opened);
IMPORT(FILES, "[method]descriptor.read-via-stream") void read_via_stream(handle file, int64_t offset, result_opened *stream);
IMPORT(FILES, "[method]descriptor.write-via-stream") void write_via_stream(handle file, int64_t offset, result_opened *stream);
IMPORT(FILES, "[method]descriptor.sync") void file_sync(handle file, result_done *done);
IMPORT(FILES, "[method]descriptor.read-directory") void read_directory(handle folder, result_opened *entries);
IMPORT(FILES, "[method]descriptor.rename-at") void rename_at(
    handle folder, const void *from, size_t from_length, handle to_folder, const void *to, size_t to_length, result_done *done);
IMPORT(FILES, "[method]descriptor.unlink-file-at") void unlink_at(handle folder, const void *path, size_t length, result_done *done);
IMPORT(FILES, "[resource-drop]descriptor") void descriptor_drop(handle descriptor);
IMPORT(FILES, "[method]directory-entry-stream.read-directory-entry") void next_entry(handle entries, result_entry *entry);
IMPORT(FILES, "[resource-drop]directory-entry-stream") void entries_drop(handle entries);
IMPORT(FILES, "filesystem-error-code") void code_of(handle error, option_code *code);

static int32_t status_of(uint8_t error)
{
    return error == NO_ENTRY ? 404 : error == INSUFFICIENT_SPACE ? 507 : 403;
}

static void answer(handle out, int32_t status)
{
    finish(respond(out, status, fields_new()), 0, 0);
}

static handle output_of(handle body)
{
    result_handle stream;
    outgoing_write(body, &stream);
    expect(!stream.failed);
    return stream.value;
}

static void get(handle folder, bytes name, handle out)
{
    result_opened file, stream;
    open_at(folder, 0, name.at, name.length, 0, READ, &file);
    if (file.failed)
    {
        answer(out, status_of(file.error));
        return;
    }
    read_via_stream(file.value, 0, &stream);
    if (stream.failed) // a directory
    {
        descriptor_drop(file.value);
        answer(out, status_of(stream.error));
        return;
    }
    handle body = respond(out, 200, fields_new()), to = output_of(body);
    while (true)
    {
        arena_reset();
        result_bytes read;
        stream_read(stream.value, CHUNK, &read);
        if (read.failed || !write_all(to, read.value.at, read.value.length))
            break;
    }
    input_drop(stream.value);
    descriptor_drop(file.value);
    output_drop(to);
    finish(body, 0, 0);
}

// What a body has, into a file; the status if that does not work
static int32_t fill(handle request, handle file)
{
    result_handle body, from;
    request_consume(request, &body);
    expect(!body.failed);
    incoming_stream(body.value, &from);
    expect(!from.failed);
    result_opened to;
    write_via_stream(file, 0, &to);
    if (to.failed)
        return status_of(to.error);
    int32_t status = 0;
    while (status == 0)
    {
        arena_reset();
        result_bytes read;
        stream_read(from.value, CHUNK, &read);
        if (read.failed)
        {
            bool is_closed = (uintptr_t)read.value.at & 1; // the tag of the stream's error
            status = is_closed ? 0 : 400;
            break;
        }
        for (size_t at = 0; at < read.value.length && status == 0;)
        {
            size_t now = read.value.length - at < 4096 ? read.value.length - at : 4096;
            result_stream written;
            stream_write_all(to.value, read.value.at + at, now, &written);
            at += now;
            if (!written.failed)
                continue;
            option_code code = { 0, 0 };
            if (written.error == 0)
                code_of(written.detail, &code);
            status = code.some ? status_of(code.code) : 500;
        }
    }
    input_drop(from.value);
    trailers_drop(incoming_finish(body.value));
    output_drop(to.value);
    result_done synced = { 0, 0 };
    if (status == 0)
        file_sync(file, &synced);
    return status != 0 ? status : synced.failed ? status_of(synced.error) : 0;
}

static void put(handle folder, bytes name, handle request, handle out)
{
    static const char digits[] = "0123456789abcdef";
    static uint8_t kept[256];
    __builtin_memcpy(kept, name.at, name.length);
    uint8_t part[17] = ".";
    uint64_t number = random_number();
    for (size_t i = 1; i < sizeof part; i++, number /= 16)
        part[i] = (uint8_t)digits[number % 16];
    result_opened file;
    open_at(folder, 0, part, sizeof part, CREATE | EXCLUSIVE, WRITE, &file);
    if (file.failed)
    {
        answer(out, status_of(file.error));
        return;
    }
    int32_t status = fill(request, file.value);
    descriptor_drop(file.value);
    result_done done;
    if (status == 0)
    {
        rename_at(folder, part, sizeof part, folder, kept, name.length, &done);
        status = done.failed ? status_of(done.error) : 204;
    }
    if (status != 204)
        unlink_at(folder, part, sizeof part, &done);
    answer(out, status);
}

static void list(handle folder, handle out)
{
    result_opened entries;
    read_directory(folder, &entries);
    expect(!entries.failed);
    handle body = respond(out, 200, fields_new()), to = output_of(body);
    while (true)
    {
        arena_reset();
        result_entry next;
        next_entry(entries.value, &next);
        if (next.failed || !next.some)
            break;
        bytes name = next.entry.name;
        if (name.at[0] != '.' && !(write_all(to, name.at, name.length) && write_all(to, (const uint8_t *)"\n", 1)))
            break;
    }
    entries_drop(entries.value);
    output_drop(to);
    finish(body, 0, 0);
}

// One name below the folder; those with a dot in front are ours
static bool is_name(bytes name)
{
    if (name.length == 0 || name.length > 200 || name.at[0] == '.')
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] == '/' || name.at[i] == '%' || name.at[i] == '?')
            return false;
    return true;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    option_bytes path;
    method method;
    directories folders;
    request_path(request, &path);
    request_method(request, &method);
    get_directories(&folders);
    bytes name = path.some && path.value.length > 0 ? (bytes){ path.value.at + 1, path.value.length - 1 } : (bytes){ 0, 0 };
    handle folder = folders.length > 0 ? folders.at[0].descriptor : -1;
    for (size_t i = 1; i < folders.length; i++)
        descriptor_drop(folders.at[i].descriptor);
    if (folder < 0)
        answer(out, 503);
    else if (method.tag == GET && name.length == 0)
        list(folder, out);
    else if (!is_name(name))
        answer(out, 404);
    else if (method.tag == GET)
        get(folder, name, out);
    else if (method.tag == PUT)
        put(folder, name, request, out);
    else if (method.tag == DELETE)
    {
        result_done done;
        unlink_at(folder, name.at, name.length, &done);
        answer(out, done.failed ? status_of(done.error) : 204);
    }
    else
        answer(out, 405);
    if (folder >= 0)
        descriptor_drop(folder);
    request_drop(request);
}
