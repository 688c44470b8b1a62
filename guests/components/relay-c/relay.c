// Messages by HTTP: /publish/SUBJECT/TEXT sends one, /request/SUBJECT/TEXT answers with what somebody replied. What it is sent itself it answers, if an
// answer is wanted, with "SUBJECT: TEXT"; anything else it writes to its log, and of the text "fail" it says that it is wrong.
#define TEXT_ROOM (8 * 1024)
#include "text.h"

#define CONSUMER "wasmcloud:messaging/consumer@0.2.0"

typedef struct { bytes subject, body; uint8_t has_reply_to; bytes reply_to; } message;
typedef struct { uint8_t failed; bytes error; } result_done;
typedef struct { uint8_t failed; union { message reply; bytes error; }; } result_reply;

IMPORT(CONSUMER, "publish") void publish(
    const void *subject, size_t subject_length, const void *body, size_t body_length, int32_t has_reply_to, const void *reply_to, size_t reply_to_length, result_done *done);
IMPORT(CONSUMER, "request") void ask(const void *subject, size_t subject_length, const void *body, size_t body_length, int32_t timeout_ms, result_reply *reply);
IMPORT("wasi:logging/logging@0.1.0-draft", "log") void say(int32_t level, const void *context, size_t context_length, const void *text, size_t length);

static void append_both(bytes subject, bytes body)
{
    append_bytes(subject);
    append_words(": ");
    append_bytes(body);
}

static bool serve(bytes path)
{
    bytes what = next_part(&path), subject = next_part(&path), body = next_part(&path);
    if (is(what, "publish"))
    {
        result_done done;
        publish(subject.at, subject.length, body.at, body.length, 0, 0, 0, &done);
        if (done.failed)
            append_bytes(done.error);
        return !done.failed;
    }
    result_reply reply;
    ask(subject.at, subject.length, body.at, body.length, 2000, &reply);
    append_bytes(reply.failed ? reply.error : reply.reply.body);
    return !reply.failed;
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    text_length = 0;
    option_bytes path;
    request_path(request, &path);
    answer(request, out, path.some && serve(path.value) ? 200 : 503, 0);
}

static result_done handled;

EXPORT("wasmcloud:messaging/handler@0.2.0#handle-message") result_done *handle_message(
    uint8_t *subject, size_t subject_length, uint8_t *body, size_t body_length, int32_t has_reply_to, uint8_t *reply_to, size_t reply_to_length)
{
    text_length = 0;
    bytes from = { subject, subject_length }, said = { body, body_length };
    handled = (result_done){ 0, { 0, 0 } };
    if (is(said, "fail"))
    {
        static const char why[] = "this text is wrong";
        handled = (result_done){ 1, { (uint8_t *)why, sizeof why - 1 } };
        return &handled;
    }
    append_both(from, said);
    if (has_reply_to)
        publish(reply_to, reply_to_length, text, text_length, 0, 0, 0, &handled);
    else
        say(2, "", 0, text, text_length);
    return &handled;
}

EXPORT("cabi_post_wasmcloud:messaging/handler@0.2.0#handle-message") void forget_message(result_done *done)
{
    (void)done;
    arena_reset();
}
