// Speaks to any server by TCP: /HOST:PORT sends the request's body there, says that no more comes, and answers with all that comes back.
// 502 and the number of WASI's error code when nobody can be reached.
#include "sockets.h"

static handle answer(handle out, int32_t status, handle *body)
{
    result_handle stream;
    *body = respond(out, status, fields_new());
    outgoing_write(*body, &stream);
    expect(!stream.failed);
    return stream.value;
}

static void refuse(handle out, uint8_t error)
{
    uint8_t text[] = "error-code 00\n";
    text[11] = '0' + error / 10;
    text[12] = '0' + error % 10;
    handle body, to = answer(out, 502, &body);
    write_all(to, text, sizeof text - 1);
    output_drop(to);
    finish(body, 0, 0);
}

EXPORT("wasi:http/incoming-handler@0.2.0#handle") void handle_request(handle request, handle out)
{
    arena_reset();
    option_bytes path;
    request_path(request, &path);
    bytes peer = path.some && path.value.length > 0 ? (bytes){ path.value.at + 1, path.value.length - 1 } : (bytes){ 0, 0 };
    int32_t port;
    bytes name = split_peer(peer, &port);

    handle socket, body;
    result_streams streams = { 0 };
    if (!dial(name, port, &socket, &streams))
    {
        refuse(out, streams.error);
        request_drop(request);
        return;
    }
    result_handle sent, from;
    result_done done;
    request_consume(request, &sent);
    expect(!sent.failed);
    incoming_stream(sent.value, &from);
    expect(!from.failed);
    copy(from.value, streams.output);
    input_drop(from.value);
    trailers_drop(incoming_finish(sent.value));
    flush(streams.output);
    socket_shutdown(socket, SEND, &done);

    handle to = answer(out, 200, &body);
    copy(streams.input, to);
    input_drop(streams.input);
    socket_drop(socket);
    flush(to);
    finish(body, 0, 0);
    request_drop(request);
}
