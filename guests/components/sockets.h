// wasi:sockets as C functions, by hand: what the Canonical ABI makes of the signatures in sockets.wit
#pragma once
#include "http.h"

#define NAMES "wasi:sockets/ip-name-lookup@0.2.0"
#define TCP "wasi:sockets/tcp@0.2.0"

enum { WOULD_BLOCK = 8, NAME_UNRESOLVABLE = 18 };
enum { IPV4, IPV6 };
enum { SEND = 1 };
enum { CHUNK = 64 * 1024 };

typedef struct { uint8_t failed; union { handle value; uint8_t error; }; } result_made;
typedef struct { uint8_t failed; uint8_t error; } result_done;
typedef struct { uint8_t tag; union { uint8_t four[4]; uint16_t six[8]; }; } address;
typedef struct { uint8_t failed; union { struct { uint8_t some; address address; }; uint8_t error; }; } result_address;
typedef struct { uint8_t failed; union { struct { handle input, output; }; uint8_t error; }; } result_streams;

IMPORT("wasi:sockets/instance-network@0.2.0", "instance-network") handle the_network(void);
IMPORT("wasi:sockets/network@0.2.0", "[resource-drop]network") void network_drop(handle network);
IMPORT(NAMES, "resolve-addresses") void resolve(handle network, const void *name, size_t length, result_made *addresses);
IMPORT(NAMES, "[method]resolve-address-stream.resolve-next-address") void next_address(handle addresses, result_address *address);
IMPORT(NAMES, "[method]resolve-address-stream.subscribe") handle addresses_subscribe(handle addresses);
IMPORT(NAMES, "[resource-drop]resolve-address-stream") void addresses_drop(handle addresses);
IMPORT("wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket") void make_socket(int32_t family, result_made *socket);
IMPORT(TCP, "[method]tcp-socket.start-connect") void start_connect(
    handle socket, handle network, int32_t family, int32_t port, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, result_done *done);
IMPORT(TCP, "[method]tcp-socket.finish-connect") void finish_connect(handle socket, result_streams *streams);
IMPORT(TCP, "[method]tcp-socket.subscribe") handle socket_subscribe(handle socket);
IMPORT(TCP, "[method]tcp-socket.shutdown") void socket_shutdown(handle socket, int32_t what, result_done *done);
IMPORT(TCP, "[resource-drop]tcp-socket") void socket_drop(handle socket);

// Connects to one address; false with the reason when that does not work
static inline bool connect(handle network, address to, int32_t port, handle *socket, result_streams *streams)
{
    result_made made;
    result_done begun;
    make_socket(to.tag, &made);
    if (made.failed)
    {
        streams->error = made.error;
        return false;
    }
    *socket = made.value;
    const uint8_t *four = to.four;
    const uint16_t *six = to.six;
    if (to.tag == IPV4)
        start_connect(*socket, network, IPV4, port, four[0], four[1], four[2], four[3], 0, 0, 0, 0, 0, 0, &begun);
    else
        start_connect(*socket, network, IPV6, port, 0, six[0], six[1], six[2], six[3], six[4], six[5], six[6], six[7], 0, &begun);
    if (begun.failed)
        streams->error = begun.error;
    else
        for (finish_connect(*socket, streams); streams->failed && streams->error == WOULD_BLOCK; finish_connect(*socket, streams))
            wait(socket_subscribe(*socket));
    if (!begun.failed && !streams->failed)
        return true;
    socket_drop(*socket);
    return false;
}

// Connects to the first address of a name that answers
static inline bool dial(bytes name, int32_t port, handle *socket, result_streams *streams)
{
    handle network = the_network();
    result_made addresses;
    bool is_connected = false;
    resolve(network, name.at, name.length, &addresses);
    streams->error = addresses.failed ? addresses.error : NAME_UNRESOLVABLE;
    while (!addresses.failed && !is_connected)
    {
        result_address next;
        next_address(addresses.value, &next);
        if (next.failed && next.error == WOULD_BLOCK)
            wait(addresses_subscribe(addresses.value));
        else if (next.failed)
        {
            streams->error = next.error;
            break;
        }
        else if (!next.some)
            break;
        else
            is_connected = connect(network, next.address, port, socket, streams);
    }
    if (!addresses.failed)
        addresses_drop(addresses.value);
    network_drop(network);
    return is_connected;
}

static inline void copy(handle from, handle to)
{
    while (true)
    {
        arena_reset();
        result_bytes read;
        stream_read(from, CHUNK, &read);
        if (read.failed || !write_all(to, read.value.at, read.value.length))
            return;
    }
}

static inline void flush(handle stream)
{
    result_stream flushed;
    stream_flush(stream, &flushed);
    output_drop(stream);
}

// The name and the port of NAME:PORT
static inline bytes split_peer(bytes peer, int32_t *port)
{
    size_t colon = peer.length;
    while (colon > 0 && peer.at[colon - 1] != ':')
        colon--;
    *port = 0;
    for (size_t i = colon; i < peer.length; i++)
        *port = *port * 10 + (peer.at[i] - '0');
    return (bytes){ peer.at, colon > 0 ? colon - 1 : 0 };
}
