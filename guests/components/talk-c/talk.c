// A command that speaks to others, so that a host shows what it grants:
//   HOST:PORT [TEXT]        sends the text, or its input, there by TCP, says that no more comes, and prints all that comes back
//   udp://HOST:PORT [TEXT]  sends the same there as one datagram, and prints the first that comes back
//   listen ADDRESS:PORT     says where it listens, and sends one client back what it sends; addresses of IPv4 alone
#include "sockets.h"

#define UDP "wasi:sockets/udp@0.2.0"

typedef struct { uint16_t port; uint8_t four[4]; } ipv4_end;
typedef struct { uint8_t tag; _Alignas(4) union { ipv4_end v4; uint8_t room[28]; }; } end;
typedef struct { uint8_t failed; _Alignas(4) union { end value; uint8_t error; }; } result_end;
typedef struct { uint8_t failed; union { struct { handle socket, input, output; }; uint8_t error; }; } result_accepted;
typedef struct { bytes data; end from; } incoming;
typedef struct { bytes data; uint8_t some; end to; } outgoing;
typedef struct { uint8_t failed; union { struct { incoming *at; size_t length; }; uint8_t error; }; } result_incoming;

IMPORT("wasi:cli/environment@0.2.0", "get-arguments") void get_arguments(bytes *arguments);
IMPORT("wasi:cli/stdin@0.2.0", "get-stdin") handle get_stdin(void);
IMPORT("wasi:cli/stdout@0.2.0", "get-stdout") handle get_stdout(void);
IMPORT("wasi:cli/stderr@0.2.0", "get-stderr") handle get_stderr(void);

IMPORT(TCP, "[method]tcp-socket.start-bind") void start_bind(
    handle socket, handle network, int32_t family, int32_t port, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, result_done *done);
IMPORT(TCP, "[method]tcp-socket.finish-bind") void finish_bind(handle socket, result_done *done);
IMPORT(TCP, "[method]tcp-socket.start-listen") void start_listen(handle socket, result_done *done);
IMPORT(TCP, "[method]tcp-socket.finish-listen") void finish_listen(handle socket, result_done *done);
IMPORT(TCP, "[method]tcp-socket.local-address") void local_address(handle socket, result_end *at);
IMPORT(TCP, "[method]tcp-socket.accept") void accept_one(handle socket, result_accepted *accepted);

IMPORT("wasi:sockets/udp-create-socket@0.2.0", "create-udp-socket") void make_udp(int32_t family, result_made *socket);
IMPORT(UDP, "[method]udp-socket.start-bind") void udp_start_bind(
    handle socket, handle network, int32_t family, int32_t port, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, result_done *done);
IMPORT(UDP, "[method]udp-socket.finish-bind") void udp_finish_bind(handle socket, result_done *done);
IMPORT(UDP, "[method]udp-socket.stream") void udp_stream(
    handle socket, int32_t some, int32_t family, int32_t port, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, result_streams *streams);
IMPORT(UDP, "[method]incoming-datagram-stream.receive") void receive(handle stream, int64_t most, result_incoming *received);
IMPORT(UDP, "[method]incoming-datagram-stream.subscribe") handle receive_subscribe(handle stream);
IMPORT(UDP, "[method]outgoing-datagram-stream.check-send") void check_send(handle stream, result_size *room);
IMPORT(UDP, "[method]outgoing-datagram-stream.send") void send(handle stream, const outgoing *at, size_t length, result_size *sent);

enum { ROOM = 32 * 1024 };

static uint8_t text[ROOM];
static size_t text_length;

static void append(const void *at, size_t length)
{
    if (length > sizeof text - text_length)
        length = sizeof text - text_length;
    __builtin_memcpy(text + text_length, at, length);
    text_length += length;
}

static void append_number(uint32_t value)
{
    if (value >= 10)
        append_number(value / 10);
    append(&(uint8_t){ '0' + value % 10 }, 1);
}

static bool begins(bytes value, const char *with, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (i == value.length || value.at[i] != (uint8_t)with[i])
            return false;
    return true;
}

static void print(handle stream)
{
    write_all(stream, text, text_length);
    flush(stream);
}

// 1, which is what a command's failure is, with the words and WASI's error code among the errors
static int32_t failed(const char *what, size_t length, uint8_t error)
{
    text_length = 0;
    append(what, length);
    append(": error-code ", 13);
    append_number(error);
    append("\n", 1);
    print(get_stderr());
    return 1;
}
#define FAILED(what, error) failed(what, sizeof what - 1, error)

static int32_t over_tcp(bytes peer, const bytes *given)
{
    int32_t port;
    bytes name = split_peer(peer, &port);
    handle socket;
    result_streams streams = { 0 };
    if (!dial(name, port, &socket, &streams))
        return FAILED("connect", streams.error);
    result_done done;
    if (given)
        write_all(streams.output, given->at, given->length);
    else
        copy(get_stdin(), streams.output);
    flush(streams.output);
    socket_shutdown(socket, SEND, &done);
    handle to = get_stdout();
    copy(streams.input, to);
    flush(to);
    input_drop(streams.input);
    socket_drop(socket);
    return 0;
}

static bool first_address(bytes name, address *first, uint8_t *error)
{
    result_made addresses;
    resolve(the_network(), name.at, name.length, &addresses);
    *error = addresses.failed ? addresses.error : NAME_UNRESOLVABLE;
    while (!addresses.failed)
    {
        result_address next;
        next_address(addresses.value, &next);
        if (next.failed && next.error == WOULD_BLOCK)
            wait(addresses_subscribe(addresses.value));
        else if (next.failed || !next.some)
        {
            *error = next.failed ? next.error : *error;
            break;
        }
        else
            return *first = next.address, true;
    }
    return false;
}

static int32_t over_udp(bytes peer, const bytes *given)
{
    int32_t port;
    bytes name = split_peer(peer, &port);
    uint8_t error;
    address to;
    if (!first_address(name, &to, &error))
        return FAILED("resolve", error);
    result_made socket;
    result_done done;
    make_udp(to.tag, &socket);
    if (socket.failed)
        return FAILED("socket", socket.error);
    udp_start_bind(socket.value, the_network(), to.tag, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, &done);
    if (!done.failed)
        udp_finish_bind(socket.value, &done);
    if (done.failed)
        return FAILED("bind", done.error);
    result_streams streams;
    const uint8_t *four = to.four;
    const uint16_t *six = to.six;
    if (to.tag == IPV4)
        udp_stream(socket.value, 1, IPV4, port, four[0], four[1], four[2], four[3], 0, 0, 0, 0, 0, 0, &streams);
    else
        udp_stream(socket.value, 1, IPV6, port, 0, six[0], six[1], six[2], six[3], six[4], six[5], six[6], six[7], 0, &streams);
    if (streams.failed)
        return FAILED("stream", streams.error);

    result_bytes read;
    text_length = 0;
    if (given)
        append(given->at, given->length);
    else
        for (stream_read(get_stdin(), ROOM, &read); !read.failed; stream_read(get_stdin(), ROOM, &read))
        {
            append(read.value.at, read.value.length);
            arena_reset();
        }
    result_size sent;
    check_send(streams.output, &sent);
    send(streams.output, &(outgoing){ { text, text_length }, 0, { 0 } }, 1, &sent);
    if (sent.failed)
        return FAILED("send", sent.error);
    result_incoming got;
    for (receive(streams.input, 1, &got); !got.failed && got.length == 0; receive(streams.input, 1, &got))
        wait(receive_subscribe(streams.input));
    if (got.failed)
        return FAILED("receive", got.error);
    text_length = 0;
    append(got.at->data.at, got.at->data.length);
    print(get_stdout());
    return 0;
}

static int32_t listen_at(bytes where)
{
    int32_t port;
    bytes name = split_peer(where, &port);
    uint8_t error;
    address at;
    if (!first_address(name, &at, &error))
        return FAILED("resolve", error);
    result_made socket;
    result_done done;
    make_socket(IPV4, &socket);
    if (socket.failed)
        return FAILED("socket", socket.error);
    start_bind(socket.value, the_network(), IPV4, port, at.four[0], at.four[1], at.four[2], at.four[3], 0, 0, 0, 0, 0, 0, &done);
    if (!done.failed)
        finish_bind(socket.value, &done);
    if (!done.failed)
        start_listen(socket.value, &done);
    if (!done.failed)
        finish_listen(socket.value, &done);
    if (done.failed)
        return FAILED("listen", done.error);
    result_end here;
    local_address(socket.value, &here);
    expect(!here.failed);
    text_length = 0;
    append("listening at port ", 18);
    append_number(here.value.v4.port);
    append("\n", 1);
    print(get_stdout());

    result_accepted client;
    for (accept_one(socket.value, &client); client.failed && client.error == WOULD_BLOCK; accept_one(socket.value, &client))
        wait(socket_subscribe(socket.value));
    if (client.failed)
        return FAILED("accept", client.error);
    copy(client.input, client.output);
    flush(client.output);
    input_drop(client.input);
    socket_drop(client.socket);
    return 0;
}

EXPORT("wasi:cli/run@0.2.0#run") int32_t run(void)
{
    static bytes arguments[8];
    bytes list;
    get_arguments(&list);
    for (size_t i = 0; i < list.length && i < 8; i++)
        arguments[i] = ((bytes *)list.at)[i];
    if (list.length == 3 && begins(arguments[1], "listen", 6))
        return listen_at(arguments[2]);
    if (list.length != 2 && list.length != 3)
        return FAILED("expected HOST:PORT [TEXT], udp://HOST:PORT [TEXT] or listen ADDRESS:PORT", 0);
    bytes peer = arguments[1];
    const bytes *given = list.length == 3 ? &arguments[2] : 0;
    return begins(peer, "udp://", 6) ? over_udp((bytes){ peer.at + 6, peer.length - 6 }, given) : over_tcp(peer, given);
}
