// Cores that have the key and lie, and programs whose callbacks throw: an artery closes with one sentence or stays, and nothing grows without end.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { InvokeError, prepareService } from "../artery.js";
import { Core, Kind, secret } from "./core.js";

async function meet(t, options = {}) {
  const core = await Core.start(), service = prepareService(), log = [];
  t.after(async () => { await service.close(); await core.close(); });
  const started = service.start({}, { zone: "home", service: "lamp", key: secret, core: core.url, log: line => log.push(line), ...options });
  const artery = await core.next();
  await started;
  return { core, service, artery, log };
}

const repeat = (count, ...bytes) => Buffer.concat(Array.from({ length: count }, () => Buffer.of(...bytes)));
const lies = [
  ["a batch that is cut off", artery => artery.frame(Kind.intents, Buffer.of(0, 0, 5, 0x6e)), 4400],
  ["a name nobody defined", artery => artery.frame(Kind.intents, Buffer.of(0, 9, 9, 1, 0, 0)), 4400],
  ["a name of a gigabyte", artery => artery.frame(Kind.intents, Buffer.of(0, 0, 0x80, 0x80, 0x80, 0x80, 4, 0x6e)), 4400],
  ["data of a gigabyte", artery => artery.frame(Kind.intents, Buffer.of(0, 0, 1, 0x6e, 0, 1, 0x6f, 1, 1, 0, 0x80, 0x80, 0x80, 0x80, 8)), 4413],
  ["an array of a billion", artery => artery.frame(Kind.heartbeat, Buffer.of(0x9a, 0x3b, 0x9a, 0xca, 0)), 4400],
  ["arrays in arrays without end", artery => artery.frame(Kind.heartbeat, repeat(100_000, 0x81)), 4400],
  ["another link", artery => artery.raw(new Uint8Array([Kind.heartbeat << 3 | 1, 5, 0, 0])), 4400],
  ["the handshake again", artery => artery.control(1, Buffer.of(0x80)), 4400],
  ["a frame of more than a mebibyte", artery => artery.frame(Kind.heartbeat, Buffer.alloc(1 << 20)), [4413, 1002, 1006]],
];
for (const [what, lie, expected] of lies)
  test(`${what} closes the artery with one sentence, and the service comes back`, async t => {
    const { core, artery, log } = await meet(t), next = core.next();
    lie(artery);
    const [code] = await once(artery, "closed");
    assert.ok([expected].flat().includes(code), `${code}`);
    await next;
    assert.equal(log.length, 1);
    assert.match(log[0], /^artery lamp: the artery to the core ended: [A-Z][^\n]{5,150}\. \(\d+\)$/);
  });

test("names and origins without end cost no memory without end", async t => {
  const { artery, service } = await meet(t);
  for (let index = 0; index < 10_000; index += 100)
    artery.say(...Array.from({ length: 100 }, (_, at) => ({ name: `n${index + at}`, origin: `o${index + at}`, seq: 1 })));
  artery.beat();
  await once(artery, "reply");
  assert.equal(service.gaps().length, 4096);
  assert.equal(service.gaps().at(-1).origin, "o9999");
});

test("a state that grows beyond what a zone can have closes the artery", async t => {
  const { artery } = await meet(t), closed = once(artery, "closed");
  let ended = false;
  artery.once("closed", () => ended = true);
  for (let version = 1; version <= 20 && !ended; version++) {
    artery.beat({ version, state: [version - 1, { a: { [`k${version}`]: "x".repeat(900_000) } }, false] });
    await Promise.race([closed, once(artery, "reply")]);
  }
  assert.equal((await closed)[0], 4413);
});

test("a core that asks and never reads is left", async t => {
  const { artery, service, log } = await meet(t);
  service.handle("large", () => "x".repeat(6 << 20));
  artery.pause();
  for (let id = 1; id <= 8; id++) artery.invoke(0, id, "lamp", "ui", "large", null, null, 1000);
  while (!log.some(line => line.includes("More waits for the core than it reads."))) await new Promise(resolve => setTimeout(resolve, 10));
  artery.resume();
});

test("of listeners that never end only so many are called", async t => {
  const { artery, service } = await meet(t);
  service.addListener("n", () => new Promise(() => {}));
  const data = "x".repeat(250_000), most = Math.floor((64 << 20) / 250_005);
  const fault = new Promise(resolve => artery.on("control", (type, payload) => { if (type === 7) resolve(Buffer.from(payload).toString("latin1")); }));
  for (let seq = 1; seq <= most + 1; seq++) {
    artery.say({ name: "n", seq, data });
    if (seq % 20 !== 0) continue;
    artery.beat();
    await once(artery, "reply");
  }
  assert.match(await fault, /Too many calls of listeners run or wait already/);
});

test("callbacks that throw break no artery", async t => {
  let calls = 0;
  const boom = () => { calls++; throw new Error("a callback of the program"); };
  const { core, artery, service } = await meet(t, { log: boom, onMissed: boom });
  service.addListener("n", boom);
  service.handle("shout", () => { throw new InvokeError("x".repeat(500), "A code that no name could be."); });
  service.handle("huge", () => "x".repeat(8 << 20));
  let arteries = 1;
  core.on("artery", () => arteries++);
  artery.say({ name: "n", seq: 1 });
  artery.beat({ passed: [["switch", 5, 9, 9, 0]] });
  assert.deepEqual((await once(artery, "reply"))[0], [1, 123, 0, 8]);
  for (const [id, method] of [[1, "shout"], [2, "huge"]]) {
    artery.invoke(0, id, "lamp", "ui", method, null, null, 1000);
    assert.deepEqual((await once(artery, "invoke"))[0].slice(0, 3), [2, id, "failed"]);
  }
  assert.deepEqual([arteries, calls >= 3, service.status().connected], [1, true, true]);
});

test("a self-destruction that throws does not reach who said the intent", async () => {
  const service = prepareService(), log = [];
  service.start({}, { core: "ws://127.0.0.1:1/artery", zone: "z", service: "s", key: secret, log: line => log.push(line), queue: { count: 1, policy: "self-destruct" }, selfDestruct() { throw new Error("no"); } });
  service.send("A");
  service.send("A");
  assert.ok(log.some(line => line.includes("selfDestruct has thrown: no")));
});

test("what a core knew is told the same again to the same core, and what nobody can explain is unknown to the next", async t => {
  const { artery, service } = await meet(t);
  artery.say({ name: "n", seq: 1 }, { name: "n", seq: 4 });
  artery.beat({ requesting: true });
  const first = (await once(artery, "state"))[0][3];
  assert.deepEqual(first, [1, [["switch", 5, 4, 2, 0, 2]]]);
  artery.say({ name: "n", seq: 5 });
  artery.beat({ requesting: true });
  assert.deepEqual((await once(artery, "state"))[0][3], first);
  assert.deepEqual(service.gaps(), [{ origin: "switch", epoch: 5, high: 5, arrived: 3, missed: 0, unknown: 2 }]);
  artery.say({ name: "n", seq: 3 });
  artery.beat();
  await once(artery, "reply");
  assert.equal(service.gaps()[0].arrived, 3);
});

/** Small and seeded, so that a failure can be had again. */
function random(seed) {
  return below => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor(seed / 2 ** 32 * below); };
}

for (const seed of [1, 2, 3])
  test(`whatever arrives, the service lives (seed ${seed})`, async t => {
    const next = random(seed), { core, artery, service } = await meet(t);
    service.addListener("*", () => {});
    service.handle("do", () => true);
    let present = artery;
    const follow = one => { present = one; };
    core.on("artery", follow);
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(Array.from({ length: next(40) }, () => next(256)));
      const kind = [0, 1, 2, 3, 4, 9][next(6)], spoil = body => { if (next(4) === 0 && body.length > 0) body[next(body.length)] ^= 1 << next(8); return body; };
      try { present.frame(kind, bytes, { flags: next(8) === 0 ? 2 : 0, spoil }); } catch { /* that artery is closed already */ }
      await new Promise(setImmediate);
    }
    // Whichever artery is open at last works
    service.send("STILL_HERE");
    while (!present.intents.some(intent => intent.name === "STILL_HERE")) {
      await new Promise(resolve => setTimeout(resolve, 20));
      if (service.status().waiting === 0 && !present.intents.some(intent => intent.name === "STILL_HERE")) service.send("STILL_HERE");
    }
  });
