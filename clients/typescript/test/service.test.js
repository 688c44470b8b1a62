import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { InvokeError, prepareService } from "../artery.js";
import { Core, dialService, idOf, Kind, secret, userKey, zoneKey } from "./core.js";

/** A service that has met a core, and the core's end of their artery. */
async function meet(t, { core: coreOptions, state, ...options } = {}) {
  const core = await Core.start(coreOptions), service = prepareService(), log = [];
  t.after(async () => { await service.close(); await core.close(); });
  const started = service.start(state, { zone: "home", service: "lamp", key: secret, core: core.url, log: line => log.push(line), ...options });
  const artery = await core.next();
  await started;
  return { core, service, artery, log };
}

/** Emitted once, the arguments. */
const emitted = (emitter, name) => once(emitter, name);
const arrived = (service, intent) => new Promise(resolve => service.addListener(intent, resolve));

test("a service that dials proves its key and says who it is", async t => {
  const { artery, service } = await meet(t);
  const [versions, role, zone, name, user, id, nonce, sealed, epoch] = artery.hello;
  assert.deepEqual([versions, role, zone, name, user, sealed], [[1], 1, "home", "lamp", null, true]);
  assert.deepEqual(Buffer.from(id), idOf(zoneKey("home")));
  assert.equal(nonce.length, 16);
  assert.equal(epoch, service.epoch);
});

test("a browser's user proves a derived key, never the zone's", async t => {
  const key = userKey("home", "lamp", "eva");
  const { artery } = await meet(t, { core: { key }, key: undefined, user: "eva", userKey: key.toString("hex") });
  assert.equal(artery.hello[4], "eva");
  assert.deepEqual(Buffer.from(artery.hello[5]), idOf(key));
});

test("a core without the key learns and receives nothing", async t => {
  const core = await Core.start({ key: zoneKey("home", "another key") }), service = prepareService();
  t.after(async () => { await service.close(); await core.close(); });
  const refused = new Promise(resolve => service.start({}, { zone: "home", service: "lamp", key: secret, core: core.url, log: resolve }));
  service.send("SECRET", 1);
  assert.match(await refused, /does not prove the zone's key. \(4401\)/);
  assert.equal(service.status().waiting, 1);
});

test("a service whose key cannot be read says how to name its file", async t => {
  const core = await Core.start(), service = prepareService();
  t.after(async () => { await service.close(); await core.close(); });
  const before = process.env.O3_KEY_FILE;
  process.env.O3_KEY_FILE = "/nowhere/o3_key";
  t.after(() => { if (before === undefined) delete process.env.O3_KEY_FILE; else process.env.O3_KEY_FILE = before; });
  const told = new Promise(resolve => service.start({}, { zone: "home", service: "lamp", core: core.url, log: resolve }));
  assert.match(await told, /cannot be dialled: the zone's key cannot be read \(.*\/nowhere\/o3_key.*\): name its file by O3_KEY_FILE/);
});

test("of two keys the one the other side knows is found", async t => {
  const { artery } = await meet(t, { key: ["the next key", secret] });
  assert.deepEqual(Buffer.from(artery.hello[5]), idOf(zoneKey("home")));
});

test("intents arrive in the order they were built, with time and number of their building", async t => {
  const core = await Core.start(), service = prepareService();
  t.after(async () => { await service.close(); await core.close(); });
  const before = Date.now() * 1000;
  for (let index = 0; index < 1000; index++) service.send(index % 2 ? "ODD" : "EVEN", { index });
  const built = Date.now() * 1000;
  service.start({}, { zone: "home", service: "lamp", key: secret, core: core.url, log() {} });
  const artery = await core.next();
  while (artery.intents.length < 1000) await emitted(artery, "intent");
  assert.deepEqual(artery.intents.map(intent => intent.seq), Array.from({ length: 1000 }, (_, index) => index + 1));
  assert.deepEqual(artery.intents.map(intent => intent.data.index), Array.from({ length: 1000 }, (_, index) => index));
  assert.ok(artery.intents.every(intent => intent.time >= before && intent.time <= built && intent.origin === "lamp" && intent.epoch === service.epoch));
});

test("a listener is called with the original's fields until it is removed", async t => {
  const { artery, service } = await meet(t), events = [];
  const listener = event => events.push(event);
  service.addListener("DOOR", listener);
  service.addListener("D*", listener);
  artery.say({ name: "DOOR", seq: 1, data: { open: true }, epoch: 2n ** 60n });
  await arrived(service, "DOOR");
  const expected = { arteryName: "switch", intent: "DOOR", data: { open: true }, epoch: 2n ** 60n, seq: 1, time: 1000 };
  assert.deepEqual(events, [expected, expected]);
  service.removeListener("DOOR", listener);
  service.removeListener("D*", listener);
  artery.say({ name: "DOOR", seq: 2 }, { name: "END", seq: 3 });
  await arrived(service, "END");
  assert.equal(events.length, 2);
});

test("names and data that arteries do not carry are refused where they are said", () => {
  const service = prepareService();
  for (const name of ["", "white space", "é", "x".repeat(129), "HEARTBEAT", "__X", "PULSE_RISE"]) assert.throws(() => service.send(name), TypeError);
  assert.throws(() => service.send("X", new Date()), TypeError);
  assert.throws(() => service.send("X", "x".repeat(300_000)), RangeError);
  assert.equal(service.status().built, 0);
});

test("handlers overlap, those of ordered intents do not", async t => {
  const { artery, service } = await meet(t, { core: { ordered: ["STEP.*"] } });
  const trace = [], gates = [];
  for (const name of ["FREE", "STEP.A"])
    service.addListener(name, async event => { trace.push(`${name}${event.seq}+`); await new Promise(resolve => gates.push(resolve)); trace.push(`${name}${event.seq}-`); });
  artery.say({ name: "FREE", seq: 1 }, { name: "FREE", seq: 2 }, { name: "STEP.A", seq: 3 }, { name: "STEP.A", seq: 4 }, { name: "END", seq: 5 });
  await arrived(service, "END");
  await new Promise(setImmediate);
  assert.deepEqual(trace, ["FREE1+", "FREE2+", "STEP.A3+"]);
  gates.splice(0).forEach(open => open());
  await new Promise(setImmediate);
  assert.deepEqual(trace.slice(-2), ["STEP.A3-", "STEP.A4+"]);
  gates.forEach(open => open());
});

test("a listener that throws is told to the core, and the next intent comes", async t => {
  const { artery, service, log } = await meet(t);
  service.addListener("BAD", () => { throw new Error("no bulb"); });
  artery.say({ name: "BAD", seq: 7 });
  const [type, payload] = await emitted(artery, "control");
  assert.equal(type, 7);
  assert.equal(Buffer.from(payload).toString("latin1"), "\x03BAD\x06switch\x07\x07no bulb");
  assert.match(log[0], /BAD of switch was received, not processed: no bulb/);
  artery.say({ name: "GOOD", seq: 8 });
  await arrived(service, "GOOD");
});

test("an acknowledged intent resolves by its own acknowledgement and by no other", async t => {
  const { artery, service } = await meet(t);
  const sent = service.sendAcknowledged("SAVE", 1), other = assert.rejects(service.sendAcknowledged("SAVE", 2, 50), { code: "timed-out" });
  const [intent] = await emitted(artery, "intent");
  artery.control(6, Buffer.of(99));
  artery.control(6, Buffer.of(Number(intent.ack)));
  await sent;
  await other;
});

test("an intent that asks for it is acknowledged", async t => {
  const { artery } = await meet(t);
  artery.say({ name: "X", seq: 1, ack: 300 });
  assert.deepEqual(await emitted(artery, "control"), [6, new Uint8Array([0xac, 0x02])]);
});

test("a heartbeat is answered with its time and what is known, and listeners hear of it", async t => {
  const { artery, service } = await meet(t);
  const heard = arrived(service, "HEARTBEAT");
  artery.beat();
  assert.deepEqual((await emitted(artery, "reply"))[0], [1, 123, 0, 0]);
  assert.equal((await heard).data.requestingState, false);
});

test("what was missed is exact, is told once, and never shrinks", async t => {
  const told = [], { artery, service } = await meet(t, { onMissed: gap => told.push(gap) });
  artery.say({ name: "A", seq: 1 }, { name: "A", seq: 4 });
  artery.beat({ passed: [["switch", 5, 7, 5, 2]] });
  assert.deepEqual((await emitted(artery, "reply"))[0], [1, 123, 0, 3]);
  const gap = { origin: "switch", epoch: 5, high: 7, arrived: 2, missed: 3, unknown: 2 };
  assert.deepEqual(service.gaps(), [gap]);
  assert.equal(gap.arrived + gap.missed + gap.unknown, gap.high);
  artery.beat({ passed: [["switch", 5, 7, 0, 0]] });
  await emitted(artery, "reply");
  assert.deepEqual(service.gaps(), [gap]);
  assert.deepEqual(told, [gap]);
});

test("a requesting heartbeat gets the whole state and what is known, later changes go as changes", async t => {
  const { artery, service } = await meet(t, { state: { on: false, level: 3 } });
  artery.say({ name: "A", seq: 1 });
  service.send("B");
  artery.beat({ requesting: true });
  const [[version, full, whole, known]] = await emitted(artery, "state");
  assert.deepEqual([full, whole, known], [true, { on: false, level: 3 }, [2, [["switch", 5, 1, 1, 0, 0]]]]);
  service.setState({ on: true, level: null });
  assert.deepEqual((await emitted(artery, "state"))[0], [version + 1, false, { on: true, level: null }, null]);
});

test("the zone's state is merged from changes; one of another version is not taken", async t => {
  const { artery, service } = await meet(t);
  const beat = async beat => { artery.beat(beat); return (await emitted(artery, "reply"))[0][2]; };
  assert.equal(await beat({ version: 10, state: [0, { a: { x: 1, y: 2 }, b: { z: [1] } }, true] }), 10);
  assert.equal(await beat({ version: 11, state: [10, { a: { x: null, w: 3 } }, false] }), 11);
  assert.deepEqual(service.state(), { a: { y: 2, w: 3 }, b: { z: [1] } });
  assert.equal(await beat({ version: 20, state: [15, { a: { y: 9 } }, false] }), 11);
  assert.deepEqual(service.state().a, { y: 2, w: 3 });
});

test("state that is not primitive or too large is refused", () => {
  const service = prepareService();
  assert.throws(() => service.setState({ bytes: [new Uint8Array(1)] }), TypeError);
  assert.throws(() => service.setState({ date: new Date() }), TypeError);
  assert.throws(() => service.setState({ large: "x".repeat(70_000) }), RangeError);
});

test("the state of this moment can be asked for", async t => {
  const { artery, service } = await meet(t);
  artery.once("control", (type, payload) => { assert.equal(type, 8); artery.control(9, Buffer.concat([payload, Buffer.from("8205a16161a1617801", "hex")])); });
  assert.deepEqual(await service.fetchState(), { a: { x: 1 } });
});

test("an invocation gets its result, or the error's code and text", async t => {
  const { artery, service } = await meet(t);
  artery.on("invoke", ([, id, target, caller, method, key, data]) => {
    assert.deepEqual([target, caller, key], ["heater", "lamp", null]);
    if (method === "double") artery.invoke(1, id, data * 2); else artery.invoke(2, id, "unknown-method", "No such thing.");
  });
  assert.equal(await service.invoke("heater", "double", 21), 42);
  await assert.rejects(service.invoke("heater", "melt"), { code: "unknown-method", message: "No such thing." });
});

test("an invocation without answer ends in time", async t => {
  const { service } = await meet(t);
  await assert.rejects(service.invoke("heater", "sleep", null, { timeout: 30 }), { code: "timed-out" });
});

test("invocations are handled, and their failures answered", async t => {
  const { artery, service } = await meet(t), ask = async (...request) => { artery.invoke(...request); return (await emitted(artery, "invoke"))[0]; };
  service.handle("add", async ({ a, b }, call) => ({ sum: a + b, caller: call.caller }));
  service.handle("throw", () => { throw new Error("broken"); });
  service.handle("deny", () => { throw new InvokeError("refused", "Not you."); });
  service.handle("date", () => new Date());
  assert.deepEqual(await ask(0, 1, "lamp", "ui", "add", null, { a: 1, b: 2 }, 1000), [1, 1, { sum: 3, caller: "ui" }]);
  assert.deepEqual(await ask(0, 2, "lamp", "ui", "throw", null, null, 1000), [2, 2, "failed", "broken"]);
  assert.deepEqual(await ask(0, 3, "lamp", "ui", "deny", null, null, 1000), [2, 3, "refused", "Not you."]);
  assert.deepEqual((await ask(0, 4, "lamp", "ui", "none", null, null, 1000)).slice(0, 3), [2, 4, "unknown-method"]);
  assert.deepEqual((await ask(0, 5, "lamp", "ui", "date", null, null, 1000)).slice(0, 3), [2, 5, "failed"]);
});

test("a repeated idempotency key gets the first answer and is not run again", async t => {
  const { artery, service } = await meet(t);
  let runs = 0;
  service.handle("pay", () => ++runs);
  for (const id of [1, 2]) {
    artery.invoke(0, id, "lamp", "ui", "pay", "order 7", null, 1000);
    assert.deepEqual((await emitted(artery, "invoke"))[0], [1, id, 1]);
  }
  artery.invoke(0, 3, "lamp", "another", "pay", "order 7", null, 1000);
  assert.deepEqual((await emitted(artery, "invoke"))[0], [1, 3, 2]);
});

test("when the artery breaks, an invocation fails at once; one with a key is asked again of the next core", async t => {
  const { core, artery, service } = await meet(t);
  const plain = assert.rejects(service.invoke("heater", "x"), { code: "unreachable" }), keyed = service.invoke("heater", "x", null, { key: "once" });
  await emitted(artery, "invoke");
  // It may come with the proof, in one chunk
  const asked = new Promise(resolve => core.once("artery", second => second.once("invoke", request => resolve([second, request]))));
  artery.close();
  await plain;
  const [second, request] = await asked;
  second.invoke(1, request[1], "done");
  assert.equal(await keyed, "done");
  assert.equal(request[5], "once");
});

test("a service comes back to a core that was away, with what waited and no intent twice", async t => {
  let noticed;
  const lost = new Promise(resolve => noticed = resolve);
  const { core, artery, service } = await meet(t, { log: noticed });
  service.send("A", 1);
  await emitted(artery, "intent");
  const port = core.listening.port;
  await core.close();
  assert.match(await lost, /the artery to the core ended/);
  service.send("A", 2);
  service.send("A", 3);
  const again = await Core.start({ port });
  t.after(() => again.close());
  const second = await again.next();
  while (second.intents.length < 2) await emitted(second, "intent");
  assert.deepEqual(second.intents.map(intent => [intent.seq, intent.data]), [[2, 2], [3, 3]]);
});

test("of too many waiting intents the oldest are dropped and counted", async t => {
  const core = await Core.start(), service = prepareService();
  t.after(async () => { await service.close(); await core.close(); });
  const start = service.start({}, { zone: "home", service: "lamp", key: secret, core: core.url, queue: { count: 3 }, log() {} });
  for (let index = 1; index <= 5; index++) service.send("A", index);
  const artery = await core.next();
  await start;
  while (artery.intents.length < 3) await emitted(artery, "intent");
  assert.deepEqual(artery.intents.map(intent => intent.seq), [3, 4, 5]);
  assert.equal(service.status().dropped, 2);
});

for (const [what, queue, data] of [["count", { count: 3 }, null], ["bytes", { bytes: 1000 }, "x".repeat(400)]])
  test(`at the limit of ${what} a service ends itself if it is to`, async () => {
    const service = prepareService();
    const reason = new Promise(resolve => service.start({}, { core: "ws://127.0.0.1:1/artery", zone: "z", service: "s", key: secret, log() {}, selfDestruct: resolve, queue: { ...queue, policy: "self-destruct" } }));
    for (let index = 0; index < 4; index++) try { service.send("A", data); } catch { break; /* it has ended itself */ }
    assert.match(await reason, /intents of \d+ bytes wait/);
  });

for (const policy of ["self-destruct", "drop-oldest"])
  test(`when heartbeats stay away and intents wait too long: ${policy}`, async t => {
    const service = prepareService();
    t.after(() => service.close());
    const reason = new Promise(resolve => service.start({}, { core: "ws://127.0.0.1:1/artery", zone: "z", service: "s", key: secret, log() {}, selfDestruct: resolve, queue: { age: 50, policy } }));
    service.send("A");
    if (policy === "self-destruct") assert.match(await reason, /no heartbeat came/);
    else for (const deadline = Date.now() + 5000; service.status().dropped === 0 && Date.now() < deadline;) await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal(service.status().dropped, policy === "self-destruct" ? 0 : 1);
  });

test("a core that falls silent is left, and dialled again", async t => {
  const { core, artery } = await meet(t, { core: { heartbeatMs: 20 } });
  const next = core.next();
  await emitted(artery, "closed");
  await next;
});

test("a large result comes in pieces, and a heartbeat's answer between them", async t => {
  const { artery, service } = await meet(t);
  service.handle("large", () => "x".repeat(700_000));
  const order = [];
  for (const name of ["piece", "invoke", "reply"]) artery.on(name, () => order.push(name));
  artery.invoke(0, 1, "lamp", "ui", "large", null, null, 1000);
  await emitted(artery, "piece");
  artery.beat();
  while (!order.includes("reply")) await emitted(artery, "reply");
  assert.equal(order[0], "piece");
});

test("pieces are joined", async t => {
  const { artery, service } = await meet(t);
  const request = Buffer.concat([Buffer.from("88" + "00" + "01" + "646c616d70" + "627569" + "646563686f" + "f6" + "64", "hex"), Buffer.from("abcd"), Buffer.from("1903e8", "hex")]);
  service.handle("echo", data => data);
  artery.frame(Kind.invoke, request.subarray(0, 5), { flags: 2 });
  artery.beat();
  await emitted(artery, "reply");
  artery.frame(Kind.invoke, request.subarray(5, 9), { flags: 2 });
  artery.frame(Kind.invoke, request.subarray(9));
  assert.deepEqual((await emitted(artery, "invoke"))[0], [1, 1, "abcd"]);
});

for (const [what, attack, code] of [
  ["a frame number repeated", artery => artery.frame(Kind.heartbeat, Buffer.of(0), { seq: 0 }), 4409],
  ["a frame number left out", artery => artery.frame(Kind.heartbeat, Buffer.of(0), { seq: 9 }), 4409],
  ["a flipped bit", artery => artery.frame(Kind.heartbeat, Buffer.of(0), { spoil: body => { body[0] ^= 1; return body; } }), 4401],
  ["a reserved kind", artery => artery.frame(7, Buffer.of(0)), 4400],
  ["a reserved flag", artery => artery.frame(Kind.heartbeat, Buffer.of(0), { flags: 4 }), 4400],
  ["an empty frame", artery => artery.raw(new Uint8Array(0)), 4400],
  ["a heartbeat of another form", artery => artery.frame(Kind.heartbeat, Buffer.of(0x80)), 4400],
  ["an empty piece", artery => artery.frame(Kind.state, Buffer.alloc(0), { flags: 2 }), 4400],
  ["an endless message", artery => { for (let index = 0; index < 10; index++) artery.frame(Kind.state, Buffer.alloc(1_000_000), { flags: 2 }); }, 4413],
])
  test(`${what} closes the artery with ${code}`, async t => {
    const { artery } = await meet(t);
    attack(artery);
    assert.equal((await emitted(artery, "closed"))[0], code);
  });

test("a service that listens answers the core that proves the key, under the name it is called by", async t => {
  const service = prepareService();
  t.after(() => service.close());
  const started = service.start({}, { key: secret, listen: { port: 0, hostname: "127.0.0.1" }, log() {} });
  while (service.port === null) await new Promise(setImmediate);
  const artery = dialService(service.port);
  await emitted(artery, "ready");
  await started;
  assert.deepEqual(artery.challenge.slice(0, 3), [1, 1, "lamp"]);
  service.send("HELLO", "core");
  assert.equal((await emitted(artery, "intent"))[0].origin, "lamp");
});

test("a listening service refuses another key, another zone and another name with the same words", async t => {
  const service = prepareService();
  t.after(() => service.close());
  service.start({}, { zone: "home", service: "lamp", key: secret, listen: { port: 0, hostname: "127.0.0.1" }, log() {} });
  while (service.port === null) await new Promise(setImmediate);
  for (const [key, options] of [[zoneKey("home", "another")], [zoneKey("work"), { zone: "work" }], [zoneKey("home"), { service: "heater" }]])
    assert.deepEqual(await emitted(dialService(service.port, key, options), "closed"), [4401, "The handshake does not prove the zone's key."]);
});

test("a second core replaces the first after its proof, and never before", async t => {
  const service = prepareService();
  t.after(() => service.close());
  service.start({}, { key: secret, zone: "home", listen: { port: 0, hostname: "127.0.0.1" }, log() {} });
  while (service.port === null) await new Promise(setImmediate);
  const first = dialService(service.port);
  await emitted(first, "ready");
  await emitted(dialService(service.port, zoneKey("home", "another")), "closed");
  first.beat();
  await emitted(first, "reply");
  const replaced = emitted(first, "closed"), second = dialService(service.port), opened = emitted(second, "ready");
  assert.equal((await replaced)[0], 4410);
  await opened;
  service.send("NEXT");
  assert.equal((await emitted(second, "intent"))[0].name, "NEXT");
});

test("a request that is no upgrade is answered 501, as the original does", async t => {
  const service = prepareService();
  t.after(() => service.close());
  service.start({}, { key: secret, listen: { port: 0, hostname: "127.0.0.1" }, log() {} });
  while (service.port === null) await new Promise(setImmediate);
  assert.equal((await fetch(`http://127.0.0.1:${service.port}/artery`)).status, 501);
});
