// The protocol's bytes as the C# library has written them down: the same on both sides, or they do not speak with each other.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Interned, Reader, Writer, deriveSeals, deriveUserKey, deriveZoneKey, handshakeMac, keyId, readBatch, sealParameters, writeBatch } from "../artery.js";

const vectors = name => JSON.parse(readFileSync(new URL(`../../../tests/Foundation/Allotrope.Artery.Tests/vectors/${name}.json`, import.meta.url), "utf8"));
const hex = bytes => Buffer.from(bytes).toString("hex");
const from = text => new Uint8Array(Buffer.from(text, "hex"));

test("numbers are written and read as the vectors say", () => {
  for (const { value, varint, zigzag } of vectors("numbers")) {
    const number = BigInt(value), exact = Number.isSafeInteger(Number(number)) ? Number(number) : number;
    if (varint !== null) {
      assert.equal(hex(new Writer().varint(exact).written), varint);
      assert.equal(new Reader(from(varint)).varint(), exact);
    }
    assert.equal(new Reader(from(zigzag)).zigzag(), Number(number));
    if (typeof exact === "number") assert.equal(hex(new Writer().zigzag(exact).written), zigzag);
  }
});

test("CBOR is written and read as the vectors say, and the bad is refused", () => {
  const { good, bad } = vectors("cbor");
  for (const { json, cbor } of good) {
    assert.equal(hex(new Writer().cbor(JSON.parse(json)).written), cbor);
    assert.deepEqual(new Reader(from(cbor)).last(), JSON.parse(json));
  }
  for (const { cbor, why } of bad) assert.throws(() => new Reader(from(cbor)).last(), { code: 4400 }, why);
});

test("the handshake's keys, messages and macs are the vectors'", async () => {
  for (const vector of vectors("handshake")) {
    let key = await deriveZoneKey(vector.o3_key, vector.zone);
    if (vector.user !== null) key = await deriveUserKey(key, vector.service, vector.user);
    assert.equal(hex(key), vector.key);
    assert.equal(hex(await keyId(key)), vector.keyId);
    const role = vector.role === "core" ? 0 : 1, nonceA = from(vector.nonceA), nonceB = from(vector.nonceB);
    const hello = new Writer().byte(1).cbor([[1], role, vector.zone, vector.service, vector.user, from(vector.keyId), nonceA, vector.sealed, vector.epochA, from(vector.manifestHash)]).written;
    assert.equal(hex(hello), vector.hello);
    const challenge = from(vector.challenge), mac = await handshakeMac(key, "artery/1 b", hello, challenge.slice(0, -34));
    assert.equal(hex(new Writer().byte(2).cbor([1, 1 - role, vector.service, nonceB, vector.epochB, mac]).written), vector.challenge);
    assert.equal(hex(new Writer().byte(3).cbor([await handshakeMac(key, "artery/1 a", hello, challenge)]).written), vector.proof);
  }
});

test("the keys of both directions are the vectors'", async () => {
  for (const vector of vectors("handshake").filter(vector => vector.keyAB)) {
    const { ab, ba } = await deriveSeals(from(vector.key), from(vector.nonceA), from(vector.nonceB)), payload = from("01020304"), header = from("110003");
    for (const [seal, key] of [[ab, vector.keyAB], [ba, vector.keyBA]]) {
      const other = await crypto.subtle.importKey("raw", from(key), "AES-GCM", false, ["decrypt"]);
      const sealed = await crypto.subtle.encrypt(sealParameters(3, header), seal, payload);
      assert.deepEqual(new Uint8Array(await crypto.subtle.decrypt(sealParameters(3, header), other, sealed)), payload);
    }
  }
});

test("sealed frames are the vectors'", async () => {
  for (const { key, kind, link, seq, payload, frame } of vectors("sealed")) {
    const header = new Writer().byte(kind << 3 | 1).varint(link).varint(seq).written;
    const seal = await crypto.subtle.importKey("raw", from(key), "AES-GCM", false, ["encrypt"]);
    const sealed = await crypto.subtle.encrypt(sealParameters(seq, header), seal, from(payload));
    assert.equal(hex(header) + hex(new Uint8Array(sealed)), frame);
  }
});

test("batches are the vectors', one after the other on one link", () => {
  const [written, read] = [new Interned(), new Interned()];
  for (const { intents, batch } of vectors("batch")) {
    const expected = intents.map(intent => ({ ...intent, data: from(intent.data) }));
    assert.deepEqual([...readBatch(from(batch), read)], expected);
    assert.equal(hex(writeBatch(expected, written)), batch);
  }
});
