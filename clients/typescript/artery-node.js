/**
 * What node lacks for arteries: a WebSocket server, and before node 22 a WebSocket client. RFC 6455 over node:http, no extensions, every message bounded.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
const Protocol = "artery.v1";
/** The largest frame of the artery protocol. */
const MaxMessage = 1 << 20;
const MaxReason = 123;
const CloseMs = 1000;
const Opcode = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
// RFC 6455 section 1.3
const acceptKey = (key) => createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
/** One end of a WebSocket, with as much of the standard's interface as the client uses. */
class NodeSocket {
    binaryType = "arraybuffer";
    readyState = 0;
    url;
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    #stream = null;
    #masks;
    #buffer = Buffer.alloc(0);
    #message = null;
    #farewell = null;
    #closeSent = false;
    /** @param masks a client masks what it sends, a server does not */
    constructor(masks, url = "") {
        this.#masks = masks;
        this.url = url;
    }
    get bufferedAmount() { return this.#stream?.writableLength ?? 0; }
    /** Takes the stream over, with what has already been read of it. */
    open(stream, head) {
        this.#stream = stream;
        this.readyState = 1;
        stream.on("data", (chunk) => this.#arrived(chunk));
        stream.on("error", () => this.lost());
        stream.on("close", () => this.lost());
        stream.on("end", () => stream.end());
        this.onopen?.({});
        if (head.length > 0)
            this.#arrived(head);
    }
    lost(text = "The connection ended.") {
        if (this.readyState === 3)
            return;
        this.readyState = 3;
        this.#stream?.destroy();
        this.onclose?.(this.#farewell ?? { code: 1006, reason: text });
    }
    /** Stops and goes on reading, for whoever wants the other side to wait. */
    pause() { this.#stream?.pause(); }
    resume() { this.#stream?.resume(); }
    send(frame) {
        if (this.readyState !== 1)
            throw new Error("The WebSocket is not open.");
        this.#write(Opcode.binary, frame);
    }
    close(code = 1000, reason = "") {
        if (this.readyState === 0)
            return this.lost("Closed before it was open.");
        if (this.readyState !== 1)
            return;
        this.readyState = 2;
        this.#sayClose(code, reason);
        // A peer that does not answer is not waited for
        setTimeout(() => this.lost(), CloseMs).unref();
    }
    #sayClose(code, reason) {
        if (this.#closeSent)
            return;
        this.#closeSent = true;
        const text = Buffer.from(reason).subarray(0, MaxReason), body = Buffer.alloc(2 + text.length);
        body.writeUInt16BE(code);
        text.copy(body, 2);
        this.#write(Opcode.close, body);
    }
    #write(opcode, payload) {
        const length = payload.length, wide = length < 126 ? 0 : length < 0x10000 ? 2 : 8, mask = this.#masks ? 4 : 0;
        const frame = Buffer.allocUnsafe(2 + wide + mask + length);
        frame[0] = 0x80 | opcode;
        frame[1] = (this.#masks ? 0x80 : 0) | (wide === 0 ? length : wide === 2 ? 126 : 127);
        if (wide === 2)
            frame.writeUInt16BE(length, 2);
        if (wide === 8)
            frame.writeBigUInt64BE(BigInt(length), 2);
        const at = 2 + wide + mask;
        frame.set(payload, at);
        if (this.#masks) {
            const key = randomBytes(4);
            key.copy(frame, 2 + wide);
            for (let index = 0; index < length; index++)
                frame[at + index] ^= key[index & 3];
        }
        this.#stream?.write(frame);
    }
    #arrived(chunk) {
        if (this.readyState === 3)
            return;
        this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
        try {
            while (this.#readFrame())
                ;
        }
        catch (error) {
            this.#sayClose(1002, error.message);
            this.lost(error.message);
        }
    }
    /** @returns whether there was a whole frame */
    #readFrame() {
        const buffer = this.#buffer;
        if (buffer.length < 2 || this.#stream?.destroyed)
            return false;
        const final = (buffer[0] & 0x80) !== 0, opcode = buffer[0] & 15, masked = (buffer[1] & 0x80) !== 0, short = buffer[1] & 0x7f;
        if (buffer[0] & 0x70)
            throw new Error("A frame has reserved bits.");
        // Section 5.1: a client masks, a server must not
        if (masked === this.#masks)
            throw new Error("A frame is masked the wrong way.");
        if (opcode >= Opcode.close && (!final || short > 125))
            throw new Error("A control frame is cut or too long.");
        const wide = short === 126 ? 2 : short === 127 ? 8 : 0, head = 2 + wide + (masked ? 4 : 0);
        if (buffer.length < head)
            return false;
        const length = wide === 0 ? short : wide === 2 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
        // Before anything is gathered for it
        if (length + (this.#message?.bytes ?? 0) > MaxMessage)
            throw new Error(`A message has more than ${MaxMessage} bytes.`);
        if (buffer.length < head + length)
            return false;
        const payload = Buffer.from(buffer.subarray(head, head + length));
        if (masked)
            for (let index = 0; index < length; index++)
                payload[index] ^= buffer[head - 4 + (index & 3)];
        this.#buffer = buffer.subarray(head + length);
        this.#take(opcode, final, payload);
        return this.readyState !== 3;
    }
    #take(opcode, final, payload) {
        switch (opcode) {
            case Opcode.ping:
                if (!this.#closeSent)
                    this.#write(Opcode.pong, payload);
                return;
            case Opcode.pong: return;
            case Opcode.close: {
                const code = payload.length >= 2 ? payload.readUInt16BE() : 1005;
                this.#farewell = { code, reason: payload.subarray(2).toString() };
                this.#sayClose(code === 1005 ? 1000 : code, "");
                this.#stream?.end();
                return this.lost();
            }
            case Opcode.more:
            case Opcode.text:
            case Opcode.binary: break;
            default: throw new Error(`Opcode ${opcode} is reserved.`);
        }
        if ((opcode === Opcode.more) !== (this.#message !== null))
            throw new Error("A message is continued that was not begun, or begun twice.");
        const message = this.#message ?? { opcode, parts: [], bytes: 0 };
        message.parts.push(payload);
        message.bytes += payload.length;
        this.#message = final ? null : message;
        // Empty parts would cost memory without counting
        if (message.parts.length > 4096)
            throw new Error("A message is in too many parts.");
        if (!final || this.readyState !== 1)
            return;
        const whole = message.parts.length === 1 ? payload : Buffer.concat(message.parts);
        this.onmessage?.({ data: message.opcode === Opcode.text ? whole.toString() : whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length) });
    }
}
/** Listens for cores that dial. */
export function listen(port, hostname, accept) {
    const streams = new Set();
    const server = createServer((_, response) => response.writeHead(501, { "content-type": "text/plain" }).end("This is an artery: it speaks WebSocket only.\n"));
    server.on("upgrade", (request, stream, head) => {
        const refuse = (status) => stream.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        stream.on("error", () => stream.destroy());
        const key = request.headers["sec-websocket-key"], protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",").map(name => name.trim());
        if (request.headers.upgrade?.toLowerCase() !== "websocket")
            return refuse("501 Not Implemented");
        if (request.url?.split("?")[0] !== "/artery")
            return refuse("404 Not Found");
        if (!key || request.headers["sec-websocket-version"] !== "13" || !protocols.includes(Protocol))
            return refuse("400 Bad Request");
        stream.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${acceptKey(key)}\r\nsec-websocket-protocol: ${Protocol}\r\n\r\n`);
        streams.add(stream);
        stream.on("close", () => streams.delete(stream));
        const socket = new NodeSocket(false);
        accept(socket, /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? ""));
        socket.open(stream, head);
    });
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, hostname, () => resolve({
            port: server.address().port,
            close: () => new Promise(closed => {
                server.close(() => closed());
                for (const stream of streams)
                    stream.destroy();
            }),
        }));
    });
}
/** Dials a core: for node before 22. */
export function dial(url) {
    const socket = new NodeSocket(true, url), key = randomBytes(16).toString("base64");
    const address = new URL(url.replace(/^ws/, "http"));
    const request = (address.protocol === "https:" ? secureRequest : plainRequest)(address, {
        headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": key, "sec-websocket-version": "13", "sec-websocket-protocol": Protocol },
    });
    request.on("upgrade", (response, stream, head) => {
        if (response.headers["sec-websocket-accept"] !== acceptKey(key) || response.headers["sec-websocket-protocol"] !== Protocol) {
            stream.destroy();
            return socket.lost("The other side does not speak artery.v1.");
        }
        // Closed while the answer was on its way
        if (socket.readyState === 3)
            stream.destroy();
        else
            socket.open(stream, head);
    });
    request.on("response", response => { response.resume(); socket.lost(`The other side answered ${response.statusCode} in place of a WebSocket.`); });
    request.on("error", error => socket.lost(error.message));
    request.end();
    return socket;
}
