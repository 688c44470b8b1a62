// A core for the tests, written from docs/reference/artery.md with node's own crypto: it shares no code with the client but CBOR, which has tests of its own.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { Interned, Reader, Writer, readBatch, writeBatch } from "../artery.js";
import { dial, listen } from "../artery-node.js";

export const Kind = { control: 0, intents: 1, heartbeat: 2, state: 3, invoke: 4 };
export const secret = "a key for tests";

export const zoneKey = (zone, key = secret) => Buffer.from(hkdfSync("sha256", key, "artery/1", zone, 32));
export const userKey = (zone, service, user) => Buffer.from(hkdfSync("sha256", zoneKey(zone), "artery/1 user", `${service}/${user}`, 32));
const hmac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts.map(part => Buffer.from(part)))).digest();
const sha = bytes => createHash("sha256").update(bytes).digest();
export const idOf = key => hmac(key, "artery/1 id").subarray(0, 8);
const cbor = value => new Writer().cbor(value).written;
const bytes = buffer => new Uint8Array(buffer);

/** The core's end of one artery. Emits `ready`, `intent`, `reply`, `state`, `invoke`, `control` and `closed`. */
export class CoreArtery extends EventEmitter {
  sealed = true;
  intents = [];
  #socket; #key; #seals = null; #sent = 0; #received = 0; #handshake; #beat = 0; #begun = [];
  #read = new Interned(); #written = new Interned();

  constructor(socket, key, { dials = false, zone = "home", service = "lamp", sealed = true, heartbeatMs = 3000, ordered = [] } = {}) {
    super();
    this.#socket = socket;
    this.#key = key;
    this.ready = [heartbeatMs, [], [], ordered, 1024];
    socket.onmessage = event => this.#frame(bytes(event.data));
    socket.onclose = event => this.emit("closed", event.code, event.reason);
    if (dials) socket.onopen = () => this.#dial(zone, service, sealed); else this.#handshake = hello => this.#accept(hello);
  }

  /** Writes a frame with the next number, sealed if the artery is. */
  frame(kind, payload, { flags = 0, seq = this.#sent++, spoil = body => body } = {}) {
    const header = new Writer().byte(kind << 3 | flags | (this.#seals ? 1 : 0)).varint(0).varint(seq).written;
    let body = payload;
    if (this.#seals) {
      const cipher = createCipheriv("aes-256-gcm", this.#seals.out, this.#nonce(seq));
      cipher.setAAD(header);
      body = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
    }
    this.raw(bytes(Buffer.concat([header, spoil(Buffer.from(body))])));
  }

  /** Reads nothing from the wire until it is resumed. */
  pause() { this.#socket.pause(); }
  resume() { this.#socket.resume(); }
  raw(frame) { this.#socket.send(frame); }
  close() { this.#socket.close(1000); }
  control(type, payload) { this.frame(Kind.control, Buffer.concat([Buffer.of(type), payload])); }
  say(...intents) {
    this.frame(Kind.intents, writeBatch(intents.map(({ data = null, ack = null, origin = "switch", epoch = 5, time = 1000, ...rest }) =>
      ({ origin, epoch, time, ack, data: data === null ? bytes([]) : cbor(data), ...rest })), this.#written));
  }
  beat({ requesting = false, version = 0, state = null, passed = [] } = {}) {
    this.frame(Kind.heartbeat, cbor([++this.#beat, 123, requesting, version, state, passed, null]));
  }
  invoke(...message) { this.frame(Kind.invoke, cbor(message)); }

  #nonce(seq) { const nonce = Buffer.alloc(12); nonce.writeBigUInt64BE(BigInt(seq), 4); return nonce; }

  #frame(frame) {
    const input = new Reader(frame), first = input.byte(), kind = first >> 3;
    if (input.varint() !== 0 || input.varint() !== this.#received) return this.emit("broken");
    const seq = this.#received++, header = frame.slice(0, input.at);
    let payload = input.rest();
    if (this.#handshake) return this.#handshake(payload);
    if (((first & 1) === 1) !== (this.#seals !== null)) return this.emit("broken");
    if (this.#seals) {
      const cipher = createDecipheriv("aes-256-gcm", this.#seals.in, this.#nonce(seq));
      cipher.setAAD(header);
      cipher.setAuthTag(payload.slice(-16));
      payload = bytes(Buffer.concat([cipher.update(payload.slice(0, -16)), cipher.final()]));
    }
    // Enough for tests: only one content in pieces at a time
    if (first & 2) {
      this.#begun.push({ kind, payload });
      return this.emit("piece", payload);
    }
    if (this.#begun[0]?.kind === kind) payload = bytes(Buffer.concat([...this.#begun.splice(0).map(piece => piece.payload), payload]));
    switch (kind) {
      case Kind.intents:
        for (const intent of readBatch(payload, this.#read)) {
          const read = { ...intent, data: intent.data.length === 0 ? null : new Reader(intent.data).last() };
          this.intents.push(read);
          this.emit("intent", read);
        }
        break;
      case Kind.heartbeat: this.emit("reply", new Reader(payload).last()); break;
      case Kind.state: this.emit("state", new Reader(payload).last()); break;
      case Kind.invoke: this.emit("invoke", new Reader(payload).last()); break;
      case Kind.control: this.emit("control", payload[0], payload.slice(1)); break;
    }
  }

  #open(hello, nonceB, dials) {
    const nonceA = hello[6], salt = Buffer.concat([nonceA, nonceB]);
    const seal = info => Buffer.from(hkdfSync("sha256", this.#key, salt, info, 32));
    const [ab, ba] = [seal("artery/1 a>b"), seal("artery/1 b>a")];
    this.#handshake = null;
    if (hello[7]) this.#seals = dials ? { out: ab, in: ba } : { out: ba, in: ab };
    this.control(4, cbor(this.ready));
    this.emit("ready");
  }

  #accept(hello) {
    const fields = this.hello = new Reader(hello.slice(1)).last();
    const nonce = bytes(randomBytes(16)), covered = Buffer.concat([Buffer.of(2, 0x86), ...[1, 0, fields[3], nonce, 77].map(cbor)]);
    const mac = hmac(this.#key, "artery/1 b", sha(hello), sha(covered)), challenge = Buffer.concat([covered, cbor(bytes(mac))]);
    this.#handshake = proof => {
      const expected = hmac(this.#key, "artery/1 a", sha(hello), sha(challenge));
      if (proof[0] !== 3 || !expected.equals(new Reader(proof.slice(1)).last()[0])) return this.#socket.close(4401, "no");
      this.#open(fields, nonce, false);
    };
    this.frame(Kind.control, challenge);
  }

  #dial(zone, service, sealed) {
    const hello = Buffer.concat([Buffer.of(1), cbor([[1], 0, zone, service, null, bytes(idOf(this.#key)), bytes(randomBytes(16)), sealed, 77, bytes([])])]);
    this.#handshake = challenge => {
      const fields = new Reader(challenge.slice(1)).last();
      const mac = hmac(this.#key, "artery/1 b", sha(hello), sha(challenge.slice(0, -34)));
      if (challenge[0] !== 2 || !mac.equals(fields[5])) return this.emit("liar");
      this.challenge = fields;
      this.frame(Kind.control, Buffer.concat([Buffer.of(3), cbor([bytes(hmac(this.#key, "artery/1 a", sha(hello), sha(challenge)))])]));
      this.#open(new Reader(bytes(hello.subarray(1))).last(), fields[3], true);
    };
    this.frame(Kind.control, hello);
  }
}

/** A core that services dial. Emits `artery` when one has proved its key. */
export class Core extends EventEmitter {
  static async start({ key = zoneKey("home"), port = 0, ...options } = {}) {
    const core = new Core();
    core.options = options;
    core.listening = await listen(port, "127.0.0.1", socket => {
      const artery = new CoreArtery(socket, key, options);
      artery.once("ready", () => core.emit("artery", artery));
    });
    return core;
  }

  get url() { return `ws://127.0.0.1:${this.listening.port}/artery`; }
  async next() { return (await once(this, "artery"))[0]; }
  close() { return this.listening.close(); }
}

/** A core that dials a listening service. */
export const dialService = (port, key = zoneKey("home"), options = {}) => new CoreArtery(dial(`ws://127.0.0.1:${port}/artery`), key, { dials: true, ...options });
