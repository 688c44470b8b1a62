// Messages by HTTP, as WASI has them: /send/TOPIC/TEXT sends one, /request/TOPIC/TEXT answers with what was replied within two seconds, and
// /request/TOPIC/TEXT/N with up to N replies, a line each. /to/LINK/... goes over another link than the one without a name; /hoard/N makes N messages of
// 64 KiB and keeps them. What it is sent itself it answers with "TOPIC: TEXT" and writes to its log, with what else belongs to it; "twice" it answers
// twice, and of "fail" it says that it is wrong.
#define TEXT_ROOM (8 * 1024)
#include "text.h"

#define MESSAGING(name) "wasi:messaging/" name "@0.2.0-draft"
#define MESSAGES MESSAGING("types")

enum { TIMEOUT, CONNECTION, PERMISSION_DENIED, OTHER };

typedef struct { uint8_t tag; bytes why; } error;
typedef struct { uint8_t failed; error error; } result_done;
typedef struct { uint8_t failed; union { handle client; error error; }; } result_client;
typedef struct { uint8_t failed; union { struct { handle *at; size_t count; } replies; error error; }; } result_replies;
typedef struct { bytes key, value; } entry;
typedef struct { uint8_t some; entry *at; size_t count; } option_entries;

IMPORT(MESSAGES, "[static]client.connect") void client_connect(const void *name, size_t length, result_client *client);
IMPORT(MESSAGES, "[method]client.disconnect") void client_disconnect(handle client, result_done *done);
IMPORT(MESSAGES, "[resource-drop]client") void client_drop(handle client);
IMPORT(MESSAGES, "[constructor]message") handle message_new(const void *data, size_t length);
IMPORT(MESSAGES, "[method]message.topic") void message_topic(handle message, option_bytes *topic);
IMPORT(MESSAGES, "[method]message.content-type") void message_content_type(handle message, option_bytes *type);
IMPORT(MESSAGES, "[method]message.set-content-type") void message_set_content_type(handle message, const char *type, size_t length);
IMPORT(MESSAGES, "[method]message.data") void message_data(handle message, bytes *data);
IMPORT(MESSAGES, "[method]message.metadata") void message_metadata(handle message, option_entries *entries);
IMPORT(MESSAGES, "[method]message.add-metadata") void message_add_metadata(handle message, const char *key, size_t key_length, const char *value, size_t value_length);
IMPORT(MESSAGES, "[resource-drop]message") void message_drop(handle message);
IMPORT(MESSAGING("producer"), "send") void message_send(handle client, const void *topic, size_t length, handle message, result_done *done);
IMPORT(MESSAGING("request-reply"), "[constructor]request-options") handle options_new(void);
IMPORT(MESSAGING("request-reply"), "[method]request-options.set-timeout-ms") void options_set_timeout(handle options, int32_t milliseconds);
IMPORT(MESSAGING("request-reply"), "[method]request-options.set-expected-replies") void options_set_expected(handle options, int32_t replies);
IMPORT(MESSAGING("request-reply"), "request") void message_request(
    handle client, const void *topic, size_t length, handle message, int32_t has_options, handle options, result_replies *replies);
IMPORT(MESSAGING("request-reply"), "reply") void message_reply(handle to, handle message, result_done *done);
IMPORT("wasi:logging/logging@0.1.0-draft", "log") void say(int32_t level, const void *context, size_t context_length, const void *text, size_t length);

static bool refuse(error error)
{
    static const char *const kinds[] = { "timeout", "connection: ", "denied: ", "other: " };
    append_words(kinds[error.tag]);
    if (error.tag != TIMEOUT)
        append_bytes(error.why);
    return false;
}

// "TEXT", or "TEXT [TYPE, KEY=VALUE ...]"
static void append_message(handle message)
{
    bytes data;
    option_bytes type;
    option_entries entries;
    message_data(message, &data);
    message_content_type(message, &type);
    message_metadata(message, &entries);
    append_bytes(data);
    if (!type.some)
        return;
    append_words(" [");
    append_bytes(type.value);
    for (size_t i = 0; entries.some && i < entries.count; i++)
    {
        append_words(i == 0 ? ", " : " ");
        append_bytes(entries.at[i].key);
        append_words("=");
        append_bytes(entries.at[i].value);
    }
    append_words("]");
}

static handle written(bytes said)
{
    handle message = message_new(said.at, said.length);
    message_set_content_type(message, "text/plain", 10);
    message_add_metadata(message, "from", 4, "somebody", 8);
    message_add_metadata(message, "from", 4, "herald", 6);
    return message;
}

static bool request(handle client, bytes topic, bytes said, bytes count)
{
    handle message = written(said), options = options_new();
    options_set_timeout(options, 2000);
    if (count.length > 0)
        options_set_expected(options, count.at[0] - '0');
    result_replies replied;
    message_request(client, topic.at, topic.length, message, 1, options, &replied);
    message_drop(message);
    if (replied.failed)
        return refuse(replied.error);
    for (size_t i = 0; i < replied.replies.count; i++)
    {
        append_message(replied.replies.at[i]);
        append_words("\n");
        message_drop(replied.replies.at[i]);
    }
    return true;
}

static bool serve(bytes path)
{
    static const uint8_t piece[64 * 1024];
    bytes what = next_part(&path), link = { 0, 0 };
    if (is(what, "to"))
    {
        link = next_part(&path);
        what = next_part(&path);
    }
    result_client client;
    client_connect(link.at, link.length, &client);
    if (client.failed)
        return refuse(client.error);
    bytes topic = next_part(&path), said = next_part(&path);
    result_done done = { 0 };
    bool served = true;
    if (is(what, "hoard"))
        for (size_t left = (size_t)(topic.at[0] - '0') * 100; left > 0; left--)
            message_new(piece, sizeof piece);
    else if (is(what, "request"))
        served = request(client.client, topic, said, next_part(&path));
    else
    {
        if (is(what, "leave"))
            client_disconnect(client.client, &done);
        message_send(client.client, topic.at, topic.length, written(said), &done);
        served = !done.failed || refuse(done.error);
    }
    client_drop(client.client);
    return served;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    text_length = 0;
    option_bytes path;
    request_path(request, &path);
    answer(request, out, path.some && serve(path.value) ? 200 : 503, 0);
}

static result_done reply(handle to, bytes said)
{
    handle message = message_new(said.at, said.length);
    message_set_content_type(message, "text/plain", 10);
    result_done done;
    message_reply(to, message, &done);
    return done;
}

static result_done take(handle message)
{
    option_bytes topic;
    bytes data;
    message_topic(message, &topic);
    message_data(message, &data);
    if (is(data, "fail"))
    {
        static const char why[] = "this text is wrong";
        return (result_done){ 1, { OTHER, { (uint8_t *)why, sizeof why - 1 } } };
    }
    append_bytes(topic.value);
    append_words(": ");
    append_bytes(data);
    bytes said = { text, text_length };
    result_done done = reply(message, said);
    if (!done.failed && is(data, "twice"))
        done = reply(message, said);
    text_length = 0;
    append_bytes(topic.value);
    append_words(": ");
    append_message(message);
    say(2, "", 0, text, text_length);
    return done;
}

EXPORT("wasi:messaging/incoming-handler@0.2.0-draft#handle") result_done *handle_message(handle message)
{
    static result_done handled;
    arena_reset();
    text_length = 0;
    handled = take(message);
    message_drop(message);
    return &handled;
}
