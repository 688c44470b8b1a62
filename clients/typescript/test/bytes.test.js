import assert from "node:assert/strict";
import { test } from "node:test";
import { Interned, Reader, Writer, readBatch, writeBatch } from "../artery.js";

const hex = bytes => Buffer.from(bytes).toString("hex");
const from = text => new Uint8Array(Buffer.from(text, "hex"));
const refuses = read => assert.throws(read, { code: 4400 });

test("a varint of RFC 8949's and LEB128's corner values comes back, in its shortest form", () => {
  for (const value of [0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 49, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n]) {
    const written = new Writer().varint(value).written;
    assert.equal(new Reader(written).varint(), value);
    assert.equal(written.length, Math.max(1, Math.ceil(BigInt(value).toString(2).length / 7)));
  }
});

test("a varint that is longer than it needs to be, cut off or beyond 64 bits is refused", () => {
  for (const text of ["8000", "80", "ffffffffffffffffff02", "ffffffffffffffffffff01"]) refuses(() => new Reader(from(text)).varint());
});

test("times fold and unfold either side of zero", () => {
  for (const value of [0, -1, 1, -1_000_000, 1_790_000_000_000_000, -1_790_000_000_000_000])
    assert.equal(new Reader(new Writer().zigzag(value).written).zigzag(), value);
});

test("CBOR is as in RFC 8949, appendix A", () => {
  for (const [value, text] of [
    [0, "00"], [23, "17"], [24, "1818"], [100, "1864"], [1000, "1903e8"], [1000000, "1a000f4240"], [1000000000000, "1b000000e8d4a51000"],
    [-1, "20"], [-100, "3863"], [1.1, "fb3ff199999999999a"], [-4.1, "fbc010666666666666"], [false, "f4"], [true, "f5"], [null, "f6"],
    ["", "60"], ["IETF", "6449455446"], ["ü", "62c3bc"], ["水", "63e6b0b4"], [[], "80"], [[1, [2, 3], [4, 5]], "8301820203820405"],
    [{ a: 1, b: [2, 3] }, "a26161016162820203"], [9223372036854775807n, "1b7fffffffffffffff"], [-9223372036854775808n, "3b7fffffffffffffff"],
  ]) {
    assert.equal(hex(new Writer().cbor(value).written), text);
    assert.deepEqual(new Reader(from(text)).last(), value);
  }
  assert.deepEqual(new Reader(from("4401020304")).last(), new Uint8Array([1, 2, 3, 4]));
  assert.ok(Object.is(new Reader(new Writer().cbor(-0).written).last(), -0));
});

test("CBOR beyond the restricted form is refused", () => {
  for (const text of ["c11a514b67b0", "f7", "f93c00", "fa47c35000", "9fff", "5f42010243030405ff", "a10102", "1bffffffffffffffff", "61ff", "62c328", "9b7fffffffffffffff", "bb00000000ffffffff",
    "81", "1900", "", "81".repeat(17) + "00"])
    refuses(() => new Reader(from(text)).last());
  refuses(() => new Reader(from("0000")).last());
  assert.equal(JSON.stringify(new Reader(from("81".repeat(16) + "00")).last()), "[".repeat(16) + "0" + "]".repeat(16));
});

test("what is not primitive is not written", () => {
  let deep = 0;
  for (let level = 0; level < 17; level++) deep = [deep];
  for (const value of [new Date(), new Map(), () => 1, Symbol("x"), deep, 2n ** 63n, { a: new Date() }]) assert.throws(() => new Writer().cbor(value), TypeError);
});

test("a key __proto__ is a key like any other", () => {
  const value = new Reader(new Writer().cbor(JSON.parse('{"__proto__":{"admin":true}}')).written).last();
  assert.equal(value.admin, undefined);
  assert.ok(Object.hasOwn(value, "__proto__"));
});

test("a batch interns names and origins, and keeps every number", () => {
  const intents = [1, 2, 3].map(seq => ({ name: seq === 3 ? "B" : "A", origin: "lamp", epoch: 2n ** 62n, seq, time: 1_790_000_000_000_000 + seq, ack: seq === 2 ? 9 : null, data: from("f5") }));
  const [written, read] = [new Interned(), new Interned()];
  const first = writeBatch(intents, written), second = writeBatch(intents, written);
  assert.deepEqual([...readBatch(first, read)], intents);
  assert.deepEqual([...readBatch(second, read)], intents);
  assert.ok(second.length < first.length);
});

test("a reference to what was never defined is refused", () => {
  refuses(() => [...readBatch(new Writer().zigzag(0).varint(7).written, new Interned())]);
});

test("after 4,096 definitions names are spelled out, and both ends agree", () => {
  const [written, read] = [new Interned(), new Interned()];
  const intents = Array.from({ length: 5000 }, (_, seq) => ({ name: `N${seq}`, origin: "o", epoch: 1, seq, time: 0, ack: null, data: new Uint8Array(0) }));
  for (let round = 0; round < 2; round++) assert.deepEqual([...readBatch(writeBatch(intents, written), read)].map(intent => intent.name), intents.map(intent => intent.name));
});

test("no bytes whatever make the reader do anything but read or refuse", () => {
  let state = 12345;
  const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
  const valid = new Writer().cbor({ a: [1, "x", null, { b: 1.5 }], c: new Uint8Array(3) }).written;
  for (let round = 0; round < 5000; round++) {
    const bytes = round % 2 ? Uint8Array.from({ length: random() % 40 }, () => random()) : valid.slice();
    if (round % 2 === 0) bytes[random() % bytes.length] = random();
    for (const read of [() => new Reader(bytes).last(), () => [...readBatch(bytes, new Interned())]])
      try { read(); } catch (error) { assert.ok(error.code === 4400 || error.code === 4413, String(error)); }
  }
});
