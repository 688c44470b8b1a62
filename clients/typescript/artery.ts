/**
 * The client of artery zones for Deno, node (20 and later) and browsers, in one file without dependencies.
 *
 * The protocol is docs/reference/artery.md; the names below are its names. In node, `artery-node.js` beside this file adds what node lacks.
 */

/** What intents carry. State carries the same without byte strings. A bigint stands for an integer beyond 2^53. */
export type Primitive = null | boolean | number | bigint | string | Uint8Array | Primitive[] | { [key: string]: Primitive | undefined };
export type State = { [key: string]: Primitive };

/** What a listener is called with: the original's three fields, then who built it in which of its lives, as which of its intents, and when (µs since 1970). */
export interface IntentEvent { arteryName: string; intent: string; data: any; epoch: Whole; seq: Whole; time: number }
export type Listener = (event: IntentEvent) => unknown;
export type Handler = (data: any, call: { caller: string; method: string; timeout: number }) => unknown;

/** How many intents of one life of an origin arrived here, were missed for certain, and may have been missed. */
export interface Gap { origin: string; epoch: Whole; high: Whole; arrived: number; missed: number; unknown: number }

/** With the number that arrived last, and how many were skipped since the core has last told of the origin. */
interface Life extends Gap { last: Whole; untold: number }

export interface QueueLimits {
  /** Intents that wait at most; 1,024 when not said. */
  count?: number;
  /** Bytes of their data; 4 MiB when not said. */
  bytes?: number;
  /** Milliseconds since the last heartbeat after which what waits is too old; 0, never, when not said. */
  age?: number;
  /** At a limit: make room, or end the process so that what started it starts it again. */
  policy?: "drop-oldest" | "self-destruct";
}

export interface Options {
  /** The zone; `O3_ZONE` when not said. A service that listens takes the zone of the core that proves the key. */
  zone?: string;
  /** This service's name; `O3_SERVICE` when not said, or what the core calls it. */
  service?: string;
  /** The zone's secret, or two during a rotation; the file `O3_KEY_FILE` or `/run/secrets/o3_key` when not said. */
  key?: string | string[];
  /** A browser's way: a user's name and derived key (32 bytes, or as 64 hexadecimal digits) in place of the zone's secret. */
  user?: string;
  userKey?: Uint8Array | string;
  /** The core to dial, or several ways to it in order of preference; `O3_CORE` when not said. Without one the service listens. */
  core?: string | string[];
  /** Where a service listens that does not dial; port `O3_PORT` or 1122 when not said, 0 for any free one. */
  listen?: { port?: number; hostname?: string };
  queue?: QueueLimits;
  /** In place of ending the process. */
  selfDestruct?: (reason: string) => void;
  /** Told when intents were missed. */
  onMissed?: (gap: Gap) => void;
  /** One line for each thing that went wrong; `console.error` when not said. */
  log?: (line: string) => void;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(frame: Bytes): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
}

/** Where a listening service can be reached. */
export interface Listening { port: number; close(): Promise<void> }
/** Whether the wire to a peer needs no sealing: it stays on this machine. */
export type Accept = (socket: Socket, loopback: boolean) => void;

type Bytes = Uint8Array<ArrayBuffer>;
/** A count or an epoch below 2^63: a bigint only where a number would not be exact. */
export type Whole = number | bigint;

const Limits = {
  handshakeFrame: 4096, frame: 1 << 20, content: 8 << 20, intent: 256 << 10, batch: 32 << 10, piece: 256 << 10, state: 64 << 10, name: 128, interned: 4096,
  depth: 16, inbox: 32 << 20, buffered: 512 << 10, listeners: 10_000, listenerBytes: 64 << 20,
  lane: 4096, laneBytes: 16 << 20, lives: 4096, calls: 1024, shortestBeatMs: 10, longestBeatMs: 60_000, pendingHandshakes: 16, handshakeMs: 5000, idempotencyMs: 60_000,
};

const Kind = { control: 0, intents: 1, heartbeat: 2, state: 3, invoke: 4, resource: 9 };
const Control = { hello: 1, challenge: 2, proof: 3, ready: 4, close: 5, ack: 6, fault: 7, getState: 8, state: 9 };
const Sealed = 1, More = 2;

const Code = { normal: 1000, lost: 1006, malformed: 4400, notAuthenticated: 4401, tooSlow: 4408, sequence: 4409, replaced: 4410, tooLarge: 4413 };

/** An artery that closes, with its closing code. */
export class ArteryError extends Error {
  code: number;
  constructor(code: number, text: string) { super(text); this.code = code; }
}

/** An invocation that failed; `code` is one of the protocol's, such as `unknown-method`. Thrown by a handler, it reaches the caller. */
export class InvokeError extends Error {
  code: string;
  constructor(code: string, text: string) { super(text); this.code = code; }
}

const malformed = (text: string) => new ArteryError(Code.malformed, text);
// One answer for whatever is wrong, so that nothing can be learned by trying
const notAuthenticated = () => new ArteryError(Code.notAuthenticated, "The handshake does not prove the zone's key.");
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const isWhole = (value: unknown): value is Whole => (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) || (typeof value === "bigint" && value >= 0n);
const now = () => Date.now() * 1000;

/** Grows as it is written: the protocol's notation and restricted CBOR. */
export class Writer {
  #bytes: Bytes = new Uint8Array(256);
  length = 0;

  get written(): Bytes { return this.#bytes.slice(0, this.length); }

  #room(count: number): number {
    if (this.length + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    const at = this.length;
    this.length += count;
    return at;
  }

  byte(value: number): this { const at = this.#room(1); this.#bytes[at] = value; return this; }

  raw(bytes: Uint8Array): this { const at = this.#room(bytes.length); this.#bytes.set(bytes, at); return this; }

  varint(value: Whole): this {
    if (typeof value === "bigint" && value > 0xffff_ffffn) {
      for (; value >= 0x80n; value >>= 7n) this.byte(Number(value & 0x7fn) | 0x80);
      return this.byte(Number(value));
    }
    let left = Number(value);
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.byte((left % 0x80) | 0x80);
    return this.byte(left);
  }

  zigzag(value: number): this {
    if (Math.abs(value) >= 2 ** 52) return this.varint(BigInt.asUintN(64, value < 0 ? -BigInt(value) * 2n - 1n : BigInt(value) * 2n));
    return this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  text(value: string): this { const bytes = utf8.encode(value); return this.varint(bytes.length).raw(bytes); }

  /** @throws TypeError for what is not primitive, or is nested more than 16 deep */
  cbor(value: unknown, depth = 0): this {
    switch (typeof value) {
      case "undefined": return this.byte(0xf6);
      case "boolean": return this.byte(value ? 0xf5 : 0xf4);
      case "string": { const bytes = utf8.encode(value); return this.#head(3, bytes.length).raw(bytes); }
      case "bigint":
        if (BigInt.asIntN(64, value) !== value) throw new TypeError(`${value} is beyond the integers of 64 bits that arteries carry.`);
        return value < 0n ? this.#head(1, -1n - value) : this.#head(0, value);
      case "number":
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value < 0 ? this.#head(1, -1 - value) : this.#head(0, value);
        this.byte(0xfb);
        return this.#view(8, view => view.setFloat64(0, value));
    }
    if (value === null) return this.byte(0xf6);
    if (value instanceof Uint8Array) return this.#head(2, value.length).raw(value);
    if (depth === Limits.depth) throw new TypeError(`Arteries carry nothing nested more than ${Limits.depth} deep.`);
    if (Array.isArray(value)) {
      this.#head(4, value.length);
      for (const item of value) this.cbor(item, depth + 1);
      return this;
    }
    const shape = typeof value === "object" ? Object.getPrototypeOf(value) : value;
    if (shape !== null && shape !== Object.prototype)
      throw new TypeError(`A ${(value as object).constructor?.name ?? typeof value} is not primitive: arteries carry null, booleans, numbers, text, bytes, and lists and maps of those.`);
    const pairs = Object.entries(value as object).filter(pair => pair[1] !== undefined);
    this.#head(5, pairs.length);
    for (const [key, item] of pairs) this.cbor(key).cbor(item, depth + 1);
    return this;
  }

  #head(major: number, value: Whole): this {
    const low = (bits: number) => this.byte((major << 5) | bits);
    if (value < 24) return low(Number(value));
    if (value < 0x100) return low(24).byte(Number(value));
    if (value < 0x10000) return low(25).#view(2, view => view.setUint16(0, Number(value)));
    if (value < 0x1_0000_0000) return low(26).#view(4, view => view.setUint32(0, Number(value)));
    return low(27).#view(8, view => view.setBigUint64(0, BigInt(value)));
  }

  #view(count: number, write: (view: DataView) => void): this {
    const at = this.#room(count);
    write(new DataView(this.#bytes.buffer, at, count));
    return this;
  }
}

/** Reads what {@link Writer} writes. Everything throws {@link ArteryError} 4400 where the input is not what was asked for. */
export class Reader {
  readonly bytes: Bytes;
  at = 0;
  constructor(bytes: Bytes) { this.bytes = bytes; }

  get atEnd(): boolean { return this.at === this.bytes.length; }

  byte(): number {
    if (this.atEnd) throw malformed("A message is cut off.");
    return this.bytes[this.at++];
  }

  take(count: number): Bytes {
    if (count > this.bytes.length - this.at) throw malformed("A message is cut off.");
    return this.bytes.subarray(this.at, this.at += count);
  }

  rest(): Bytes { return this.take(this.bytes.length - this.at); }

  varint(): Whole {
    let value = 0n, exact = 0, scale = 1;
    for (let index = 0; index < 10; index++) {
      const part = this.byte();
      if ((index === 9 && part > 1) || (index > 0 && part === 0)) break;
      if (index < 7) {
        exact += (part & 0x7f) * scale;
        scale *= 0x80;
        if (part < 0x80) return exact;
        value = BigInt(exact);
      } else {
        value |= BigInt(part & 0x7f) << BigInt(7 * index);
        if (part < 0x80) return narrow(value);
      }
    }
    throw malformed("A number is not in its shortest form.");
  }

  zigzag(): number {
    const folded = this.varint();
    if (typeof folded === "bigint") return Number(folded & 1n ? -(folded >> 1n) - 1n : folded >> 1n);
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }

  text(max: number): string {
    const length = this.varint();
    if (length > max) throw malformed(`A text has ${length} bytes where at most ${max} are allowed.`);
    return decode(this.take(Number(length)));
  }

  /** One item. Depth is bounded before anything is read, and what an array announces by the bytes that are left. */
  cbor(depth = 0): any {
    const first = this.byte(), major = first >> 5;
    if (major === 7) {
      if (first === 0xf4 || first === 0xf5) return first === 0xf5;
      if (first === 0xf6) return null;
      if (first === 0xfb) return this.#view(8).getFloat64(0);
    }
    if (major > 5) throw malformed("CBOR is of a kind that arteries do not carry.");
    const value = this.#argument(first & 31);
    if (major === 0) return value;
    if (major === 1) return narrow(-1n - BigInt(value));
    if (major < 4) {
      if (value > this.bytes.length - this.at) throw malformed("A message is cut off.");
      const bytes = this.take(Number(value));
      return major === 3 ? decode(bytes) : bytes.slice();
    }
    if (depth === Limits.depth) throw malformed(`CBOR is more than ${Limits.depth} deep.`);
    if (value > (this.bytes.length - this.at) / (major - 3)) throw malformed("CBOR announces more than there is.");
    const count = Number(value);
    if (major === 4) return Array.from({ length: count }, () => this.cbor(depth + 1));
    const map: Record<string, any> = {};
    for (let index = 0; index < count; index++) {
      const key = this.cbor(Limits.depth);
      if (typeof key !== "string") throw malformed("A CBOR map has a key that is no text.");
      const item = this.cbor(depth + 1);
      // Assigning to __proto__ would change what the map is
      if (key === "__proto__") Object.defineProperty(map, key, { value: item, enumerable: true, configurable: true, writable: true });
      else map[key] = item;
    }
    return map;
  }

  /** One item and then nothing. */
  last(): any {
    const value = this.cbor();
    if (!this.atEnd) throw malformed("Bytes follow where a message should end.");
    return value;
  }

  #argument(low: number): Whole {
    if (low < 24) return low;
    switch (low) {
      case 24: return this.byte();
      case 25: return this.#view(2).getUint16(0);
      case 26: return this.#view(4).getUint32(0);
      case 27: {
        const value = this.#view(8).getBigUint64(0);
        if (value >> 63n) throw malformed("A CBOR integer is beyond 64 bits.");
        return narrow(value);
      }
    }
    throw malformed("CBOR of indefinite length is not carried by arteries.");
  }

  #view(count: number): DataView { const bytes = this.take(count); return new DataView(bytes.buffer, bytes.byteOffset, count); }
}

function narrow(value: bigint): Whole {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
}

function decode(bytes: Bytes): string {
  try { return fromUtf8.decode(bytes); } catch { throw malformed("A text is not UTF-8."); }
}

/** Checks the shape of a received array: `n` whole number, `t` text, `?t` text or null, `b` bytes, `!` boolean, `a` array, `m` map, `*` anything. */
export function shaped(value: any, shapes: string[], what: string): any[] {
  const fits = (item: any, shape: string): boolean =>
    shape === "*" || (shape[0] === "?" && (item === null || fits(item, shape.slice(1)))) || (shape === "n" && isWhole(item)) ||
    (shape === "t" && typeof item === "string") || (shape === "b" && item instanceof Uint8Array) || (shape === "!" && typeof item === "boolean") ||
    (shape === "a" && Array.isArray(item)) || (shape === "m" && isMap(item));
  if (!Array.isArray(value) || value.length !== shapes.length || !shapes.every((shape, index) => fits(value[index], shape))) throw malformed(`A ${what} has not the form it should have.`);
  return value;
}

const isMap = (value: any) => typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

async function hkdf(ikm: Bytes, salt: Uint8Array, info: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", ikm, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: salt.slice(), info: utf8.encode(info) }, key, 256));
}

/** The key of a zone from its secret; white space at the secret's end does not count. */
export function deriveZoneKey(secret: string, zone: string): Promise<Bytes> {
  const trimmed = secret.replace(/[ \t\r\n]+$/, "");
  if (trimmed === "") throw new TypeError("The zone's key is empty.");
  return hkdf(utf8.encode(trimmed), utf8.encode("artery/1"), zone);
}

/** The key of one user of one service, to be handed to a browser in place of the secret. It opens at no other service, which may say and hear more. */
export const deriveUserKey = (zoneKey: Bytes, service: string, user: string): Promise<Bytes> => hkdf(zoneKey, utf8.encode("artery/1 user"), `${service}/${user}`);

const hmacKey = (key: Bytes) => crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** By which the other side picks among the keys it knows: 8 bytes. */
export async function keyId(key: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(key), utf8.encode("artery/1 id"))).slice(0, 8);
}

async function macText(label: string, hello: Bytes, challenge: Bytes): Promise<Bytes> {
  const hash = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return new Writer().raw(utf8.encode(label)).raw(await hash(hello)).raw(await hash(challenge)).written;
}

/** The mac of CHALLENGE (label `artery/1 b`) or PROOF (`artery/1 a`). */
export async function handshakeMac(key: Bytes, label: string, hello: Bytes, challenge: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(key), await macText(label, hello, challenge)));
}

// Not by comparing: WebCrypto's verify takes the same time whatever differs
async function verifyMac(mac: Bytes, key: Bytes, label: string, hello: Bytes, challenge: Bytes): Promise<void> {
  if (!await crypto.subtle.verify("HMAC", await hmacKey(key), mac, await macText(label, hello, challenge))) throw notAuthenticated();
}

/** The keys of the two directions of a sealed link. */
export async function deriveSeals(key: Bytes, nonceA: Bytes, nonceB: Bytes): Promise<{ ab: CryptoKey; ba: CryptoKey }> {
  const salt = new Writer().raw(nonceA).raw(nonceB).written;
  const seal = async (info: string) => crypto.subtle.importKey("raw", await hkdf(key, salt, info), "AES-GCM", false, ["encrypt", "decrypt"]);
  return { ab: await seal("artery/1 a>b"), ba: await seal("artery/1 b>a") };
}

export function sealParameters(seq: number, header: Bytes) {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setBigUint64(4, BigInt(seq));
  return { name: "AES-GCM", iv, additionalData: header, tagLength: 128 };
}

export interface Intent { name: string; origin: string; epoch: Whole; seq: Whole; time: number; ack: Whole | null; data: Bytes }

/** Names and origins of one direction of a link, by definition order. Both ends keep the same. */
export class Interned {
  names = new Map<string | number, string | number>();
  origins = new Map<string | number, any>();
}

/** Writes intents as one batch. */
export function writeBatch(intents: Intent[], tables: Interned): Bytes {
  const output = new Writer(), base = intents[0].time;
  const ref = (table: Map<string | number, any>, key: string, spell: () => void) => {
    const id = table.get(key);
    output.varint(id ?? 0);
    if (id !== undefined) return;
    if (table.size < Limits.interned) table.set(key, table.size + 1);
    spell();
  };
  output.zigzag(base);
  for (const intent of intents) {
    ref(tables.names, intent.name, () => output.text(intent.name));
    ref(tables.origins, `${intent.epoch} ${intent.origin}`, () => output.text(intent.origin).varint(intent.epoch));
    output.varint(intent.seq).zigzag(intent.time - base).varint(intent.data.length * 2 + (intent.ack === null ? 0 : 1));
    if (intent.ack !== null) output.varint(intent.ack);
    output.raw(intent.data);
  }
  return output.written;
}

/** Reads a batch; data are left as CBOR. */
export function* readBatch(batch: Bytes, tables: Interned): Generator<Intent> {
  const input = new Reader(batch), base = input.zigzag();
  const ref = <T>(table: Map<string | number, T>, spelled: () => T): T => {
    const id = input.varint();
    if (id !== 0) return table.get(Number(id)) ?? (() => { throw malformed(`A reference names entry ${id} of ${table.size}.`); })();
    const value = spelled();
    if (table.size < Limits.interned) table.set(table.size + 1, value);
    return value;
  };
  while (!input.atEnd) {
    const name = ref(tables.names, () => input.text(Limits.name)) as string;
    const { origin, epoch } = ref(tables.origins, () => ({ origin: input.text(Limits.name), epoch: input.varint() }));
    const seq = input.varint(), time = base + input.zigzag(), size = Number(input.varint());
    const ack = size % 2 === 1 ? input.varint() : null, length = Math.floor(size / 2);
    if (length > Limits.intent) throw new ArteryError(Code.tooLarge, `An intent has ${length} bytes of data; at most ${Limits.intent} are allowed.`);
    yield { name, origin, epoch, seq, time, ack, data: input.take(length) };
  }
}

/** What a link asks of the service that owns it. */
interface Owner {
  /** The keys it knows for a zone: two during a rotation. */
  keysFor(zone: string): Promise<Bytes[]>;
  readonly epoch: number;
  identity: { zone: string | null; service: string | null; user: string | null };
  opened(link: Link): void;
  received(link: Link, kind: number, payload: Bytes): void;
  closed(link: Link): void;
  /** Intents for the next batch, taken out of the queue: those given before `ticket`. */
  takeIntents(ticket: number): Intent[];
  ticket(): number;
}

interface Content { kind: number; payload: Bytes; ticket: number; at: number }

/** One artery: handshake, numbering, sealing, pieces and lanes over one WebSocket. */
class Link {
  readonly socket: Socket;
  readonly finished: Promise<ArteryError>;
  isOpen = false;
  stateSent = false;
  /** The core's epoch, as the handshake says. */
  core: Whole = 0;
  #owner: Owner;
  #finish!: (why: ArteryError) => void;
  #dialler: boolean;
  #loopback: boolean;
  #attempt: number;
  #ended = false;
  #handshake: (payload: Bytes) => Promise<void>;
  #timer: ReturnType<typeof setTimeout>;
  #sendSeal: CryptoKey | null = null;
  #receiveSeal: CryptoKey | null = null;
  #sendSeq = 0;
  #receiveSeq = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #lanes: Content[][] = [[], [], []];
  #laneBytes = 0;
  #pumping = false;
  #inbox: Bytes[] = [];
  #inboxBytes = 0;
  #reading = false;
  #pieces = new Map<number, { parts: Bytes[]; bytes: number }>();
  readonly written = new Interned();
  readonly read = new Interned();

  constructor(socket: Socket, owner: Owner, role: { dialler: boolean; loopback: boolean; attempt: number }) {
    this.socket = socket;
    this.#owner = owner;
    this.#dialler = role.dialler;
    this.#loopback = role.loopback;
    this.#attempt = role.attempt;
    this.finished = new Promise(resolve => this.#finish = resolve);
    this.#handshake = role.dialler ? () => Promise.reject(notAuthenticated()) : hello => this.#answerHello(hello);
    this.#timer = setTimeout(() => this.fail(new ArteryError(Code.tooSlow, "The handshake was not complete in time.")), Limits.handshakeMs);
    socket.binaryType = "arraybuffer";
    socket.onmessage = event => this.#arrived(event.data);
    socket.onclose = event => this.#end(new ArteryError(event.code ?? Code.lost, event.reason || "The connection ended."));
    socket.onerror = () => this.#end(new ArteryError(Code.lost, "The connection failed."));
    if (role.dialler) {
      const begin = () => this.#sayHello().catch(error => this.fail(error));
      if (socket.readyState === 1) begin(); else socket.onopen = begin;
    }
  }

  /** Puts a message into its lane; it goes out after what waits in the same and lower lanes. */
  post(kind: number, payload: Bytes): void {
    if (this.#ended) return;
    const lane = this.#lanes[kind === Kind.control ? 0 : kind === Kind.heartbeat ? 1 : 2];
    // A core that asks without reading the answers
    if (lane.length >= Limits.lane || this.#laneBytes + payload.length > Limits.laneBytes) { this.fail(new ArteryError(Code.tooSlow, "More waits for the core than it reads.")); return; }
    lane.push({ kind, payload, ticket: this.#owner.ticket(), at: 0 });
    this.#laneBytes += payload.length;
    this.pump();
  }

  /** Writes what waits, the lowest lane first, as long as the socket does not fill up. */
  async pump(): Promise<void> {
    if (this.#pumping || !this.isOpen) return;
    this.#pumping = true;
    try {
      while (this.isOpen) {
        // Browsers have no event for it
        while (this.socket.bufferedAmount > Limits.buffered && this.isOpen) await new Promise(resolve => setTimeout(resolve, 5));
        const next = this.#next();
        if (next === null) break;
        const piece = next.payload.subarray(next.at, next.at += Limits.piece);
        if (next.kind !== Kind.intents) this.#laneBytes -= piece.length;
        await this.#write(next.kind, next.at < next.payload.length ? More : 0, piece);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#pumping = false;
    }
  }

  #next(): Content | null {
    const [control, heartbeat, waiting] = this.#lanes;
    if (control.length > 0) return control.shift()!;
    if (heartbeat.length > 0) return heartbeat.shift()!;
    const head = waiting[0];
    if (head === undefined || head.at === 0) {
      const intents = this.#owner.takeIntents(head?.ticket ?? Infinity);
      if (intents.length > 0) {
        const batch = { kind: Kind.intents, payload: writeBatch(intents, this.written), ticket: 0, at: 0 };
        // A single large intent may come in pieces, and what was begun is finished first
        if (batch.payload.length > Limits.piece) waiting.unshift(batch);
        return batch;
      }
    }
    if (head !== undefined && head.at + Limits.piece >= head.payload.length) waiting.shift();
    return head ?? null;
  }

  /** Tells the other side why, if it can still be told, and ends. */
  async fail(error: unknown): Promise<void> {
    if (this.#ended) return;
    const why = error instanceof ArteryError ? error : new ArteryError(Code.malformed, String((error as Error)?.message ?? error));
    const told = this.isOpen ? this.#write(Kind.control, 0, new Writer().byte(Control.close).cbor([why.code, why.message]).written) : null;
    this.#end(why);
    try { await told; } catch { /* it is gone already */ }
    // Browsers allow a program no other codes
    const code = why.code === Code.normal || (why.code >= 3000 && why.code < 5000) ? why.code : Code.normal;
    try { this.socket.close(code, why.message.slice(0, 120).replace(/[^\x20-\x7e]/g, "?")); } catch { /* it is closed already */ }
  }

  #end(why: ArteryError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.isOpen = false;
    clearTimeout(this.#timer);
    this.#owner.closed(this);
    this.#finish(why);
  }

  // One at a time, because the number is part of what is sealed and WebCrypto finishes when it likes
  #write(kind: number, flags: number, payload: Bytes): Promise<void> {
    const writing = this.#writing.then(async () => {
      const seq = this.#sendSeq++, seal = this.#sendSeal;
      const header = new Writer().byte(kind << 3 | flags | (seal ? Sealed : 0)).varint(0).varint(seq).written;
      const body = seal ? new Uint8Array(await crypto.subtle.encrypt(sealParameters(seq, header), seal, payload)) : payload;
      this.socket.send(new Writer().raw(header).raw(body).written);
    });
    this.#writing = writing.catch(() => {});
    return writing;
  }

  #arrived(data: unknown): void {
    if (this.#ended) return;
    if (!(data instanceof ArrayBuffer)) { this.fail(malformed("A text message came where only binary ones are spoken.")); return; }
    this.#inbox.push(new Uint8Array(data));
    this.#inboxBytes += data.byteLength;
    if (this.#inboxBytes > Limits.inbox) { this.fail(new ArteryError(Code.tooLarge, "More arrives than can be read.")); return; }
    if (!this.#reading) this.#readInbox();
  }

  // Strictly in order: the next frame waits until this one is deciphered and told
  async #readInbox(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#inbox.length > 0 && !this.#ended) {
        const frames = this.#inbox;
        this.#inbox = [];
        for (const frame of frames) {
          if (this.#ended) return;
          this.#inboxBytes -= frame.length;
          await this.#readFrame(frame);
        }
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#reading = false;
    }
  }

  async #readFrame(frame: Bytes): Promise<void> {
    if (frame.length > (this.isOpen ? Limits.frame : Limits.handshakeFrame)) throw new ArteryError(Code.tooLarge, `A frame has ${frame.length} bytes.`);
    const input = new Reader(frame), first = input.byte(), kind = first >> 3, flags = first & 7;
    if (!Object.values(Kind).includes(kind) || flags > (Sealed | More)) throw malformed(`A frame begins with the reserved byte ${first}.`);
    if (input.varint() !== 0) throw malformed("A frame is for a link that this service has not.");
    if (input.varint() !== this.#receiveSeq) throw new ArteryError(Code.sequence, "A frame was lost, repeated or injected.");
    const seq = this.#receiveSeq++, header = frame.slice(0, input.at);
    let payload = input.rest();
    if (!this.isOpen) {
      if (kind !== Kind.control || flags !== 0) throw notAuthenticated();
      return await this.#handshake(payload.slice());
    }
    if (((flags & Sealed) !== 0) !== (this.#receiveSeal !== null)) throw malformed("A frame is sealed where it should not be, or the other way round.");
    if (this.#receiveSeal) {
      try {
        payload = new Uint8Array(await crypto.subtle.decrypt(sealParameters(seq, header), this.#receiveSeal, payload));
      } catch {
        throw new ArteryError(Code.notAuthenticated, "A sealed frame was changed on its way.");
      }
      if (this.#ended) return;
    }
    if (payload.length === 0 && (flags & More) !== 0) throw malformed("A piece is empty.");
    const whole = this.#join(kind, payload, (flags & More) !== 0);
    if (whole) this.#owner.received(this, kind, whole);
  }

  #join(kind: number, payload: Bytes, more: boolean): Bytes | null {
    const begun = this.#pieces.get(kind);
    if (!begun && !more) return payload;
    const { parts, bytes } = begun ?? { parts: [], bytes: 0 };
    if (bytes + payload.length > Limits.content) throw new ArteryError(Code.tooLarge, `A message has more than ${Limits.content} bytes.`);
    parts.push(payload);
    if (more) { this.#pieces.set(kind, { parts, bytes: bytes + payload.length }); return null; }
    this.#pieces.delete(kind);
    const whole = new Writer();
    for (const part of parts) whole.raw(part);
    return whole.written;
  }

  async #sayHello(): Promise<void> {
    const { zone, service, user } = this.#owner.identity;
    if (!zone || !service) throw new TypeError("A service that dials must know its zone and its name: options `zone` and `service`, or O3_ZONE and O3_SERVICE.");
    const keys = await this.#owner.keysFor(zone), key = keys[this.#attempt % keys.length];
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const sealed = !this.socketIsSecure;
    const hello = new Writer().byte(Control.hello)
      .cbor([[1], 1, zone, service, user, await keyId(key), nonce, sealed, this.#owner.epoch, new Uint8Array(0)]).written;
    this.#handshake = async payload => {
      if (payload[0] !== Control.challenge) throw notAuthenticated();
      const [version, role, name, nonceB, epoch, mac] = shaped(new Reader(payload.slice(1)).last(), ["n", "n", "t", "b", "n", "b"], "CHALLENGE");
      if (version !== 1 || role !== 0 || name !== service || nonceB.length !== 16 || mac.length !== 32) throw notAuthenticated();
      // The mac's item is the last: a head of two bytes and the 32
      await verifyMac(mac, key, "artery/1 b", hello, payload.slice(0, -34));
      await this.#write(Kind.control, 0, new Writer().byte(Control.proof).cbor([await handshakeMac(key, "artery/1 a", hello, payload)]).written);
      this.core = epoch;
      await this.#open(sealed, key, nonce, nonceB);
    };
    await this.#write(Kind.control, 0, hello);
  }

  async #answerHello(hello: Bytes): Promise<void> {
    if (hello[0] !== Control.hello) throw notAuthenticated();
    const [versions, role, zone, service, user, id, nonceA, sealed, epoch] =
      shaped(new Reader(hello.slice(1)).last(), ["a", "n", "t", "t", "?t", "b", "b", "!", "n", "b"], "HELLO");
    const mine = this.#owner.identity;
    if (!versions.includes(1) || role !== 0 || user !== null || nonceA.length !== 16 || (mine.zone && zone !== mine.zone) || (mine.service && service !== mine.service) ||
      (!sealed && !this.#loopback)) throw notAuthenticated();
    const key = await this.#pick(zone, id), nonce = crypto.getRandomValues(new Uint8Array(16));
    const fields = [1, 1, service, nonce, this.#owner.epoch];
    const covered = new Writer().byte(Control.challenge).byte(0x86);
    for (const field of fields) covered.cbor(field);
    const challenge = new Writer().raw(covered.written).cbor(await handshakeMac(key, "artery/1 b", hello, covered.written)).written;
    this.#handshake = async payload => {
      if (payload[0] !== Control.proof) throw notAuthenticated();
      const [mac] = shaped(new Reader(payload.slice(1)).last(), ["b"], "PROOF");
      await verifyMac(mac, key, "artery/1 a", hello, challenge);
      mine.zone ??= zone;
      mine.service ??= service;
      this.core = epoch;
      await this.#open(sealed, key, nonceA, nonce);
    };
    await this.#write(Kind.control, 0, challenge);
  }

  async #pick(zone: string, id: Bytes): Promise<Bytes> {
    for (const key of await this.#owner.keysFor(zone))
      if (String(await keyId(key)) === String(id)) return key;
    throw notAuthenticated();
  }

  async #open(sealed: boolean, key: Bytes, nonceA: Bytes, nonceB: Bytes): Promise<void> {
    if (sealed) {
      const { ab, ba } = await deriveSeals(key, nonceA, nonceB);
      [this.#sendSeal, this.#receiveSeal] = this.#dialler ? [ab, ba] : [ba, ab];
    }
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.isOpen = true;
    this.#owner.opened(this);
  }

  get socketIsSecure(): boolean { return ((this.socket as any).url ?? "").startsWith("wss:"); }
}

const NamePattern = /^[A-Za-z0-9_\-.:/]{1,128}$/;
const CoreOnly = /^(__.*|HEARTBEAT|CORE_STABLIZED|PULSE_RISE|PULSE_DROP|PULSE_FLATLINE)$/;
const matches = (patterns: string[], name: string) => patterns.some(p => p.endsWith("*") ? name.startsWith(p.slice(0, -1)) : p === name);

const Host = (globalThis as any).Deno, Process = (globalThis as any).process;
const inNode = !Host && typeof Process?.versions?.node === "string";
// In a variable, so that bundlers for browsers leave it alone
const NodeFile: string = "./artery-node.js", FileSystem: string = "node:fs/promises";

function environment(name: string): string | null {
  // Deno throws where reading the environment is not allowed: then it says nothing
  try { return (Host ? Host.env.get(name) : Process?.env?.[name]) || null; } catch { return null; }
}

/** Text of an error that a person reads in somebody else's log. */
const say = (error: unknown) => String((error as Error)?.message ?? error).slice(0, 1000);

interface Call { resolve: (data: any) => void; reject: (error: Error) => void; timer: ReturnType<typeof setTimeout>; again: (() => void) | null }
interface Queued { ticket: number; at: number; intent: Omit<Intent, "origin"> }

/** One service of a zone. Make it by {@link createService}. */
export class Service implements Owner {
  readonly epoch = now() + Math.floor(Math.random() * 1000);
  identity: Owner["identity"] = { zone: null, service: null, user: null };
  #options: Options = {};
  #keys = new Map<string, Promise<Bytes[]>>();
  #link: Link | null = null;
  #links = new Set<Link>();
  #listening: Listening | null = null;
  #closed = false;
  #ready!: () => void;
  #readyPromise = new Promise<void>(resolve => this.#ready = resolve);
  #watch: ReturnType<typeof setInterval> | null = null;
  #lastHeartbeat = Date.now();
  #heartbeatMs = 3000;
  #pulse: number | null = null;
  #tickets = 0;

  #listeners = new Map<string, Map<Listener, { ordered: boolean }>>();
  #orderedPatterns: string[] = [];
  #chains = new Map<string, { tail: Promise<void>; waiting: number }>();
  #called = { calls: 0, bytes: 0 };
  #queue: Queued[] = [];
  #queueBytes = 0;
  #seq = 0;
  #dropped = 0;
  #lives = new Map<string, Life>();
  #known: { core: Whole; origins: unknown[] } | null = null;
  #missed = 0;

  #ownState: State = {};
  // Above every version of an earlier life, since the newest wins
  #ownVersion = this.epoch;
  #zoneState: { [service: string]: State } = {};
  #zoneVersion: Whole = 0;
  #zoneBytes = 0;

  #handlers = new Map<string, Handler>();
  #answered = new Map<string, { at: number; answer: Promise<(id: Whole) => any[]> }>();
  #running = 0;
  #calls = new Map<number, Call>();
  #numbers = 0;

  /** Reads what the options leave out, then dials or listens. @returns when the core has been met for the first time */
  async start(initialState: State = {}, options: Options = {}): Promise<void> {
    this.#options = options;
    this.identity = {
      zone: options.zone ?? environment("O3_ZONE"), service: options.service ?? environment("O3_SERVICE"), user: options.user ?? null,
    };
    this.setState(initialState);
    const core = options.core ?? environment("O3_CORE");
    this.#watch = setInterval(() => this.#look(), 250);
    if (core) this.#dial(Array.isArray(core) ? core : [core]);
    else await this.#listen();
    await this.#readyPromise;
  }

  /** The port of a service that listens. */
  get port(): number | null { return this.#listening?.port ?? null; }

  /** Says an intent. It waits, bounded, while the core is away. @throws TypeError for a name or data that arteries do not carry */
  send(intent: string, data: Primitive = null): void { this.#enqueue(intent, data, null); }

  /** Says an intent and waits until it has arrived; rejects with `timed-out` after so many milliseconds. */
  sendAcknowledged(intent: string, data: Primitive = null, timeout = 5000): Promise<void> {
    return this.#call(timeout, id => this.#enqueue(intent, data, id), null);
  }

  #enqueue(name: string, data: Primitive, ack: number | null): void {
    if (!NamePattern.test(name)) throw new TypeError(`An intent cannot be called "${name}": 1 to 128 of A-Z a-z 0-9 _ - . : /`);
    if (CoreOnly.test(name)) throw new TypeError(`Only the core says ${name}.`);
    const bytes = data === null ? new Uint8Array(0) : new Writer().cbor(data).written;
    if (bytes.length > Limits.intent) throw new RangeError(`The data of ${name} have ${bytes.length} bytes; at most ${Limits.intent} are allowed.`);
    if (this.#closed) throw new TypeError("The service is closed.");
    this.#queue.push({ ticket: this.ticket(), at: Date.now(), intent: { name, epoch: this.epoch, seq: ++this.#seq, time: now(), ack, data: bytes } });
    this.#queueBytes += bytes.length;
    const limits = this.#options.queue ?? {}, count = limits.count ?? 1024, total = limits.bytes ?? 4 << 20;
    if (this.#queue.length > count || this.#queueBytes > total) {
      if (limits.policy === "self-destruct") return this.#destroy(`${this.#queue.length} intents of ${this.#queueBytes} bytes wait for the core`);
      while (this.#queue.length > count || this.#queueBytes > total) this.#drop();
    }
    this.#link?.pump();
  }

  #drop(): void {
    const oldest = this.#queue.shift()!;
    this.#queueBytes -= oldest.intent.data.length;
    this.#dropped++;
  }

  #destroy(reason: string): void {
    this.#log(`self-destruct: ${reason}`);
    this.close();
    if (this.#options.selfDestruct) this.#guard("selfDestruct", () => this.#options.selfDestruct!(reason));
    else if (Host) Host.exit(1);
    else Process?.exit?.(1);
  }

  ticket(): number { return ++this.#tickets; }

  takeIntents(ticket: number): Intent[] {
    const taken: Intent[] = [];
    for (let bytes = 0; taken.length < this.#queue.length && bytes < Limits.batch;) {
      const next = this.#queue[taken.length];
      if (next.ticket > ticket) break;
      bytes += next.intent.data.length + 16;
      taken.push({ ...next.intent, origin: this.identity.service! });
    }
    this.#queue.splice(0, taken.length);
    for (const intent of taken) this.#queueBytes -= intent.data.length;
    return taken;
  }

  /**
   * Calls back for each intent of a name, of a prefix ending in `*`, or the core's `HEARTBEAT`. What a listener throws, or its promise rejects with, is
   * told to the core. Calls overlap unless `ordered` is set here or in the zone.
   */
  addListener(intent: string, callback: Listener, options: { ordered?: boolean } = {}): void {
    if (!this.#listeners.has(intent)) this.#listeners.set(intent, new Map());
    this.#listeners.get(intent)!.set(callback, { ordered: options.ordered ?? false });
  }

  removeListener(intent: string, callback: Listener): void {
    const callbacks = this.#listeners.get(intent);
    if (callbacks?.delete(callback) && callbacks.size === 0) this.#listeners.delete(intent);
  }

  #deliver(event: IntentEvent, bytes = 0): void {
    for (const [pattern, callbacks] of this.#listeners)
      if (matches([pattern], event.intent))
        for (const [callback, { ordered }] of callbacks)
          if (this.#called.calls >= Limits.listeners || this.#called.bytes + bytes > Limits.listenerBytes) this.#fault(event, "Too many calls of listeners run or wait already: they are too slow.");
          else if (ordered || matches(this.#orderedPatterns, event.intent)) this.#inOrder(event, callback, bytes);
          else this.#run(event, callback, this.#begin(bytes));
  }

  #begin(bytes: number): () => void {
    this.#called.calls++;
    this.#called.bytes += bytes;
    return () => { this.#called.calls--; this.#called.bytes -= bytes; };
  }

  async #run(event: IntentEvent, callback: Listener, end: () => void): Promise<void> {
    try { await callback(event); } catch (error) { this.#fault(event, say(error)); } finally { end(); }
  }

  #inOrder(event: IntentEvent, callback: Listener, bytes: number): void {
    const chain = this.#chains.get(event.intent) ?? { tail: Promise.resolve(), waiting: 0 }, end = this.#begin(bytes);
    chain.waiting++;
    this.#chains.set(event.intent, chain);
    chain.tail = chain.tail.then(() => this.#run(event, callback, end)).then(() => { if (--chain.waiting === 0) this.#chains.delete(event.intent); });
  }

  #fault(event: IntentEvent, what: string): void {
    this.#log(`${event.intent} of ${event.arteryName} was received, not processed: ${what}`);
    this.#link?.post(Kind.control, new Writer().byte(Control.fault).text(event.intent).text(event.arteryName).varint(event.seq).text(what).written);
  }

  /** What arrived and what was missed, of each life of each origin, as of the last heartbeat. Of more than 4,096 lives those longest without news are forgotten. */
  gaps(): Gap[] { return [...this.#lives.values()].map(gapOf); }

  #life(origin: string, epoch: Whole): Life {
    const key = `${epoch} ${origin}`;
    const life = this.#lives.get(key) ?? { origin, epoch, high: 0, arrived: 0, missed: 0, unknown: 0, last: 0, untold: 0 };
    // The map keeps the order of the news: what was last heard of longest ago comes first
    this.#lives.delete(key);
    if (this.#lives.size >= Limits.lives) this.#lives.delete(this.#lives.keys().next().value!);
    this.#lives.set(key, life);
    return life;
  }

  /** The zone's merged state by service, as of the last heartbeat. */
  state(): { [service: string]: State } { return this.#zoneState; }

  /** Changes this service's own state: keys with `null` are removed. @throws for what is not primitive, or a state above 64 KiB */
  setState(changes: State): void {
    const next: State = { ...this.#ownState };
    for (const [key, value] of Object.entries(changes)) if (value === null || value === undefined) delete next[key]; else next[key] = value;
    if (containsBytes(next)) throw new TypeError("State carries no byte strings.");
    for (const key of Object.keys(changes)) checkName("key of the state", key);
    const size = new Writer().cbor(next).length;
    if (size > Limits.state) throw new RangeError(`The state would have ${size} bytes; at most ${Limits.state} are allowed.`);
    this.#ownState = next;
    this.#ownVersion++;
    // The whole goes out when the core asks for it first, and only changes after that
    if (!this.#link?.stateSent) return;
    const delta = Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, value ?? null]));
    this.#link.post(Kind.state, new Writer().cbor([this.#ownVersion, false, delta, null]).written);
  }

  /** Asks the core for the merged state of this moment. */
  fetchState(timeout = 5000): Promise<{ [service: string]: State }> {
    return this.#call(timeout, id => this.#linkOrThrow().post(Kind.control, new Writer().byte(Control.getState).varint(id).written), null);
  }

  /** Answers invocations of a method; a handler that throws {@link InvokeError} chooses the code its caller gets. */
  handle(method: string, handler: Handler): void { this.#handlers.set(method, handler); }

  /**
   * Invokes a method of a service. With an idempotency `key` it is sent again when the artery breaks, and still runs once; without one it fails then.
   * @throws InvokeError
   */
  invoke(service: string, method: string, data: Primitive = null, options: { timeout?: number; key?: string } = {}): Promise<any> {
    const timeout = Math.min(Math.max(Math.ceil(options.timeout ?? 5000), 1), 0x7fff_ffff), key = options.key ?? null;
    for (const name of [service, method, ...(key === null ? [] : [key])]) checkName("service, method or key", name);
    const size = new Writer().cbor(data).length;
    if (size > Limits.content - 1024) throw new RangeError(`The data of ${method} have ${size} bytes; less than ${Limits.content} are carried.`);
    const post = (id: number) => this.#link?.post(Kind.invoke, new Writer().cbor([0, id, service, this.identity.service, method, key, data, timeout]).written);
    return this.#call(timeout, id => { if (!key) this.#linkOrThrow(); post(id); }, key ? post : null);
  }

  #linkOrThrow(): Link {
    if (!this.#link) throw new InvokeError("unreachable", "There is no artery to the core now.");
    return this.#link;
  }

  #call(timeout: number, post: (id: number) => void, again: ((id: number) => void) | null): Promise<any> {
    return new Promise((resolve, reject) => {
      if (this.#calls.size >= Limits.calls) return reject(new InvokeError("exhausted", `${Limits.calls} calls wait for their answers already.`));
      const id = ++this.#numbers;
      const timer = setTimeout(() => this.#settle(id)?.reject(new InvokeError("timed-out", `No answer came within ${timeout} ms.`)), timeout);
      this.#calls.set(id, { resolve, reject, timer, again: again && (() => again(id)) });
      try { post(id); } catch (error) { this.#settle(id)!.reject(error as Error); }
    });
  }

  #settle(id: Whole): Call | null {
    const call = this.#calls.get(Number(id)) ?? null;
    if (call) { clearTimeout(call.timer); this.#calls.delete(Number(id)); }
    return call;
  }

  /** How this service fares. */
  status() {
    return { ...this.identity, connected: this.#link !== null, built: this.#seq, waiting: this.#queue.length, dropped: this.#dropped, pulse: this.#pulse,
      silence: Date.now() - this.#lastHeartbeat };
  }

  /** Ends the artery and stops listening or dialling. What still waits is dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#watch) clearInterval(this.#watch);
    await Promise.all([...this.#links].map(link => link.fail(new ArteryError(Code.normal, "The service is closing."))));
    for (const id of [...this.#calls.keys()]) this.#settle(id)?.reject(new InvokeError("unreachable", "The service is closed."));
    await this.#listening?.close();
  }

  keysFor(zone: string): Promise<Bytes[]> {
    let keys = this.#keys.get(zone);
    if (!keys) {
      if (this.#keys.size > 16) this.#keys.clear();
      // A secret that cannot be read now may be there at the next attempt
      this.#keys.set(zone, keys = this.#deriveKeys(zone).catch(error => { this.#keys.delete(zone); throw error; }));
    }
    return keys;
  }

  async #deriveKeys(zone: string): Promise<Bytes[]> {
    const { key, userKey } = this.#options;
    if (userKey) return [typeof userKey === "string" ? Uint8Array.from(userKey.match(/../g) ?? [], digits => parseInt(digits, 16)) : userKey.slice()];
    const secrets = key ?? await readSecret();
    return Promise.all((Array.isArray(secrets) ? secrets : [secrets]).map(secret => deriveZoneKey(secret, zone)));
  }

  async #dial(ways: string[]): Promise<void> {
    const [first, last] = [100, 3000];
    let wait = first;
    for (let attempt = 0; !this.#closed; attempt++) {
      try {
        await this.keysFor(this.#options.zone!); // a core is not to be bothered by who has no key, nor told why
        const link = this.#admit(await connect(ways[attempt % ways.length]), { dialler: true, loopback: false, attempt: Math.floor(attempt / ways.length) });
        const why = await link.finished;
        if (this.#closed) return;
        this.#log(`the artery to the core ended: ${why.message} (${why.code})`);
        if (link.stateSent) { wait = first; attempt = -1; }
        // Somebody else has this name, or the key is wrong: trying fast would help nobody
        if (why.code === Code.replaced || why.code === Code.notAuthenticated) wait = last;
      } catch (error) {
        this.#log(`the core cannot be dialled: ${say(error)}`);
      }
      // Spread, so that a whole zone does not come back in one moment; never later than the next beat
      await new Promise(resolve => setTimeout(resolve, wait * (0.5 + Math.random() / 2)));
      wait = Math.min(wait * 2, last, this.#heartbeatMs);
    }
  }

  async #listen(): Promise<void> {
    const port = this.#options.listen?.port ?? Number(environment("O3_PORT") ?? 1122), hostname = this.#options.listen?.hostname ?? "0.0.0.0";
    const accept: Accept = (socket, loopback) => {
      if (this.#links.size > Limits.pendingHandshakes) socket.close(Code.tooSlow, "Too many handshakes at once.");
      else this.#admit(socket, { dialler: false, loopback, attempt: 0 });
    };
    if (Host) this.#listening = listenInDeno(port, hostname, accept);
    else if (inNode) this.#listening = await (await import(NodeFile)).listen(port, hostname, accept);
    else throw new TypeError("A browser cannot listen: say where the core is, by the option `core`.");
  }

  #admit(socket: Socket, role: { dialler: boolean; loopback: boolean; attempt: number }): Link {
    const link = new Link(socket, this, role);
    this.#links.add(link);
    return link;
  }

  opened(link: Link): void {
    const before = this.#link;
    this.#link = link;
    before?.fail(new ArteryError(Code.replaced, "A newer artery of the same service replaces this one."));
    this.#lastHeartbeat = Date.now();
    for (const call of this.#calls.values()) call.again?.();
    link.pump();
  }

  closed(link: Link): void {
    this.#links.delete(link);
    if (this.#link !== link) return;
    this.#link = null;
    for (const [id, call] of [...this.#calls])
      if (!call.again) this.#settle(id)?.reject(new InvokeError("unreachable", "The artery to the core broke before the answer came."));
  }

  #look(): void {
    const silence = Date.now() - this.#lastHeartbeat, { age = 0, policy } = this.#options.queue ?? {};
    if (this.#link && silence > 5 * this.#heartbeatMs) this.#link.fail(new ArteryError(Code.normal, `No heartbeat came for ${silence} ms.`));
    if (age === 0 || silence <= age || this.#queue.length === 0) return;
    if (policy === "self-destruct") return this.#destroy(`no heartbeat came for ${silence} ms and ${this.#queue.length} intents wait`);
    while (this.#queue.length > 0 && Date.now() - this.#queue[0].at > age) this.#drop();
  }

  received(link: Link, kind: number, payload: Bytes): void {
    switch (kind) {
      case Kind.intents: return this.#receiveIntents(link, payload);
      case Kind.heartbeat: return this.#receiveHeartbeat(link, new Reader(payload).last(), payload.length);
      case Kind.invoke: return this.#receiveInvoke(new Reader(payload).last());
      case Kind.control: return this.#receiveControl(link, payload);
    }
  }

  #receiveIntents(link: Link, batch: Bytes): void {
    // What a replaced artery still brings the core has counted as passed
    if (link !== this.#link) return;
    for (const { name, origin, epoch, seq, time, ack, data } of readBatch(batch, link.read)) {
      const event = { arteryName: origin, intent: name, data: data.length === 0 ? null : new Reader(data).last(), epoch, seq, time };
      const life = this.#life(origin, epoch);
      // Late, from an artery that another has overtaken: the order is kept, and the core's count tells of the gap
      if (seq <= life.last) continue;
      life.untold += Math.max(0, Number(seq) - Number(life.high) - 1);
      life.last = seq;
      life.arrived++;
      life.high = larger(life.high, seq);
      if (ack !== null) link.post(Kind.control, new Writer().byte(Control.ack).varint(ack).written);
      this.#deliver(event, data.length);
    }
  }

  #receiveHeartbeat(link: Link, beat: any, bytes: number): void {
    const [number, sent, requesting, version, state, passed, pulse] = shaped(beat, ["n", "n", "!", "n", "?a", "a", "*"], "heartbeat");
    this.#lastHeartbeat = Date.now();
    this.#pulse = typeof pulse === "number" ? pulse : null;
    if (state !== null) this.#merge(version, state, bytes);
    // What it knew before this beat: the core goes on from there
    const known = requesting ? [this.#seq + 1, this.#knownTo(link.core)] : null;
    for (const item of passed) this.#count(shaped(item, ["t", "n", "n", "n", "n"], "gap"));
    link.post(Kind.heartbeat, new Writer().cbor([number, sent, this.#zoneVersion, this.#missed]).written);
    if (requesting) {
      link.stateSent = true;
      link.post(Kind.state, new Writer().cbor([this.#ownVersion, true, this.#ownState, known]).written);
    }
    const data = { requestingState: requesting, beat: number, stateVersion: this.#zoneVersion, pulse: this.#pulse };
    this.#deliver({ arteryName: "core", intent: "HEARTBEAT", data, epoch: 0, seq: number, time: Number(sent) });
  }

  #merge(version: Whole, delta: any, bytes: number): void {
    const [from, services, full] = shaped(delta, ["n", "m", "!"], "state");
    // A change of something else than what is here waits for the core to notice what was confirmed
    if (!full && from !== this.#zoneVersion) return;
    const merged: { [service: string]: State } = full ? {} : { ...this.#zoneState };
    for (const [service, changes] of Object.entries<any>(services)) {
      if (!isMap(changes)) throw malformed("A service's state is no map.");
      const own: State = full ? {} : { ...merged[service] };
      for (const [key, value] of Object.entries<any>(changes)) if (value === null) delete own[key]; else own[key] = value;
      merged[service] = own;
    }
    // Each change fits a message, and so must all of them together; weighed only when it could be too much
    this.#zoneBytes += bytes;
    if (full || this.#zoneBytes > Limits.content) this.#zoneBytes = new Writer().cbor(merged).length;
    if (this.#zoneBytes > Limits.content) throw new ArteryError(Code.tooLarge, `The zone's state has more than ${Limits.content} bytes.`);
    this.#zoneState = merged;
    this.#zoneVersion = version;
  }

  #count([origin, epoch, high, passed, unknown]: any[]): void {
    const gap = this.#life(origin, epoch), before = gap.missed + gap.unknown, missed = gap.missed;
    gap.untold = 0;
    gap.high = larger(gap.high, high);
    gap.missed = Math.max(gap.missed, Number(passed) - gap.arrived);
    gap.unknown = Math.max(gap.unknown, Number(unknown));
    this.#missed += gap.missed - missed;
    if (gap.missed + gap.unknown > before) this.#guard("onMissed", () => this.#options.onMissed?.(gapOf(gap)));
  }

  /** What a core is told to go on from; the same again if it asks again, since it has not had the answer and has counted since it asked first. */
  #knownTo(core: Whole): unknown[] {
    if (this.#known?.core === core) return this.#known.origins;
    for (const life of this.#lives.values()) {
      // Skipped under the core before, and nobody can explain it any more; no more can be unknown than there are numbers
      const unknown = Math.min(life.unknown + life.untold, Number(life.high) - life.arrived - life.missed);
      life.untold = 0;
      if (unknown <= life.unknown) continue;
      life.unknown = unknown;
      this.#guard("onMissed", () => this.#options.onMissed?.(gapOf(life)));
    }
    const origins = [...this.#lives.values()].map(life =>
      [life.origin, life.epoch, larger(life.high, life.arrived + life.missed + life.unknown), life.arrived, life.missed, life.unknown]);
    this.#known = { core, origins };
    return origins;
  }

  #receiveInvoke(message: any): void {
    if (!Array.isArray(message)) throw malformed("An invocation is no array.");
    switch (message[0]) {
      case 0: this.#answer(shaped(message, ["n", "n", "t", "t", "t", "?t", "*", "n"], "request")); return;
      case 1: this.#settle(shaped(message, ["n", "n", "*"], "result")[1])?.resolve(message[2]); return;
      case 2: this.#settle(shaped(message, ["n", "n", "t", "t"], "error")[1])?.reject(new InvokeError(message[2], message[3])); return;
      default: throw malformed("An invocation is of an unknown kind.");
    }
  }

  async #answer([, id, , caller, method, key, data, timeout]: any[]): Promise<void> {
    const name = `${caller}\n${key}`;
    // In the order they came: the first to stay ends the search
    for (const [old, { at }] of this.#answered)
      if (Date.now() - at > Limits.idempotencyMs || this.#answered.size >= Limits.calls) this.#answered.delete(old); else break;
    const answer = (key === null ? undefined : this.#answered.get(name)?.answer) ?? this.#execute(method, data, caller, Number(timeout));
    if (key !== null && !this.#answered.has(name)) this.#answered.set(name, { at: Date.now(), answer });
    const reply = new Writer().cbor((await answer)(id));
    this.#link?.post(Kind.invoke, reply.written);
  }

  async #execute(method: string, data: any, caller: string, timeout: number): Promise<(id: Whole) => any[]> {
    const refuse = (code: string, text: string) => (id: Whole) => [2, id, code, text];
    const handler = this.#handlers.get(method);
    if (!handler) return refuse("unknown-method", `${this.identity.service} has no method ${method}.`);
    if (this.#running >= Limits.calls) return refuse("exhausted", `${this.identity.service} runs ${Limits.calls} invocations already.`);
    this.#running++;
    try {
      const result = await handler(data, { caller, method, timeout }) ?? null;
      // Before it is promised: a result that cannot be carried is an error like any other
      const size = new Writer().cbor(result).length;
      if (size > Limits.content - 32) throw new RangeError(`The result has ${size} bytes; less than ${Limits.content} are carried.`);
      return id => [1, id, result];
    } catch (error) {
      // A code that is longer than names are would close the artery, for everything else on it too
      const code = error instanceof InvokeError && error.code.length > 0 && utf8.encode(error.code).length <= Limits.name ? error.code : "failed";
      return refuse(code, say(error));
    } finally {
      this.#running--;
    }
  }

  #receiveControl(link: Link, payload: Bytes): void {
    const input = new Reader(payload), type = input.byte();
    switch (type) {
      case Control.ready: {
        const [beat, , , ordered] = shaped(input.last(), ["n", "a", "a", "a", "n"], "READY");
        this.#heartbeatMs = Math.min(Math.max(Number(beat), Limits.shortestBeatMs), Limits.longestBeatMs);
        this.#orderedPatterns = ordered.filter((pattern: unknown) => typeof pattern === "string");
        this.#ready();
        return;
      }
      case Control.close: {
        const [code, text] = shaped(input.last(), ["n", "t"], "CLOSE");
        link.fail(new ArteryError(Number(code), text));
        return;
      }
      case Control.ack: this.#settle(input.varint())?.resolve(undefined); return;
      case Control.state: {
        const id = input.varint(), [, services] = shaped(input.last(), ["n", "m"], "STATE");
        this.#settle(id)?.resolve(services);
        return;
      }
      case Control.fault: this.#log(`the core refused ${input.text(256)} of ${input.text(256)} (${input.varint()}): ${input.text(Limits.handshakeFrame)}`); return;
      default: throw malformed(`A control message is of the unknown type ${type}.`);
    }
  }

  // A failure of the program's own log has nobody to be told to, and must not break an artery
  #log(line: string): void { try { (this.#options.log ?? console.error)(`artery ${this.identity.service ?? ""}: ${line}`); } catch { } }

  /** What a callback of the program throws is the program's matter: it is logged, and breaks no artery. */
  #guard(what: string, callback: () => void): void { try { callback(); } catch (error) { this.#log(`${what} has thrown: ${say(error)}`); } }
}

// What is longer would close the artery, for everything else on it too
function checkName(what: string, name: string): void {
  const bytes = utf8.encode(name).length;
  if (bytes === 0 || bytes > Limits.name) throw new RangeError(`A ${what} has ${bytes} bytes; 1 to ${Limits.name} are allowed.`);
}

const gapOf = ({ origin, epoch, high, arrived, missed, unknown }: Life): Gap => ({ origin, epoch, high, arrived, missed, unknown });

const larger = (a: Whole, b: Whole): Whole => (a > b ? a : b);

// Bounded by what the writer takes: it refuses what is nested deeper
function containsBytes(value: Primitive | undefined, depth = 0): boolean {
  if (value instanceof Uint8Array) return true;
  return typeof value === "object" && value !== null && depth <= Limits.depth && Object.values(value).some(item => containsBytes(item, depth + 1));
}

async function readSecret(): Promise<string> {
  if (!Host && !inNode) throw new TypeError("A browser needs the options `user` and `userKey`.");
  const file = environment("O3_KEY_FILE") ?? "/run/secrets/o3_key";
  try {
    return await (await import(FileSystem)).readFile(file, "utf8");
  } catch (error) {
    throw new Error(`the zone's key cannot be read (${say(error)}): name its file by O3_KEY_FILE, or give the option \`key\``);
  }
}

async function connect(url: string): Promise<Socket> {
  const Standard = (globalThis as any).WebSocket;
  return Standard ? new Standard(url, "artery.v1") : (await import(NodeFile)).dial(url);
}

function listenInDeno(port: number, hostname: string, accept: Accept): Listening {
  const plain = (text: string, status: number) => new Response(text, { status });
  const server = Host.serve({ port, hostname, onListen() {} }, (request: Request, info: any) => {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return plain("This is an artery: it speaks WebSocket only.\n", 501);
    if (new URL(request.url).pathname !== "/artery") return plain("The artery is at /artery.\n", 404);
    const protocols = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map(protocol => protocol.trim());
    if (!protocols.includes("artery.v1")) return plain("This service speaks artery.v1.\n", 400);
    // Before the upgrade: afterwards Deno no longer says
    const loopback = /^(127\.|::1$|::ffff:127\.)/.test(info.remoteAddr.hostname);
    const { socket, response } = Host.upgradeWebSocket(request, { protocol: "artery.v1" });
    accept(socket, loopback);
    return response;
  });
  return { port: server.addr.port, close: () => server.shutdown() };
}

// The original has one service to a process, with functions instead of an object: they mean the first service.
const first = new Service();
let firstIsFree = true;

/**
 * Makes this process a service of its zone.
 * @returns the service, when the core has been met for the first time. Listeners and handlers may be added before, by the functions below.
 */
export async function createService(initialState: State = {}, options: Options = {}): Promise<Service> {
  const service = prepareService();
  await service.start(initialState, options);
  return service;
}

/** The service that {@link createService} would make, not yet started: for several in one process, or to add listeners to it first. */
export function prepareService(): Service {
  const service = firstIsFree ? first : new Service();
  firstIsFree = false;
  return service;
}

export const send = (intent: string, data: Primitive = null): void => first.send(intent, data);
export const addListener = (intent: string, callback: Listener, options?: { ordered?: boolean }): void => first.addListener(intent, callback, options);
export const removeListener = (intent: string, callback: Listener): void => first.removeListener(intent, callback);
export const invoke = (service: string, method: string, data: Primitive = null, options?: { timeout?: number; key?: string }): Promise<any> => first.invoke(service, method, data, options);
export const handle = (method: string, handler: Handler): void => first.handle(method, handler);
export const gaps = (): Gap[] => first.gaps();
export const state = (): { [service: string]: State } => first.state();
export const setState = (changes: State): void => first.setState(changes);
