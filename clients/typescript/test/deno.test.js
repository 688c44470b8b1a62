// The same file under Deno, without a build step: dialling, and listening as the original's services do.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Core, dialService, secret } from "./core.js";

const deno = process.env.ARTERY_DENO ?? "";
const options = { skip: existsSync(deno) ? false : "ARTERY_DENO names no Deno: ./test sets it", timeout: 30_000 };
const program = fileURLToPath(new URL("deno-service.ts", import.meta.url));

/** A Deno that is told what to be, and its next line. */
function start(t, settings) {
  const child = spawn(deno, ["run", "--quiet", "--no-prompt", "--no-config", "--no-npm", "--allow-net", program, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async () => (await lines.next()).value;
}

async function converse(artery) {
  const invoked = once(artery, "invoke"), heard = once(artery, "intent");
  artery.say({ name: "PING", seq: 1, data: { text: "ü", list: [1, 2.5, null] } });
  artery.invoke(0, 1, "lamp", "ui", "double", null, 21, 1000);
  const [{ name, data, origin }] = await heard;
  assert.deepEqual({ name, data, origin }, { name: "PONG", data: { text: "ü", list: [1, 2.5, null] }, origin: "lamp" });
  assert.deepEqual((await invoked)[0], [1, 1, 42]);
}

test("a service in Deno dials", options, async t => {
  const core = await Core.start();
  t.after(() => core.close());
  const next = core.next();
  start(t, { zone: "home", service: "lamp", key: secret, core: core.url });
  await converse(await next);
});

test("a service in Deno listens", options, async t => {
  const line = start(t, { zone: "home", service: "lamp", key: secret, listen: { port: 0, hostname: "127.0.0.1" } });
  const artery = dialService(Number(await line()));
  t.after(() => artery.close());
  await once(artery, "ready");
  await converse(artery);
});

test("a listening Deno answers 501 to what is no upgrade, and refuses another key", options, async t => {
  const port = Number(await start(t, { zone: "home", service: "lamp", key: secret, listen: { port: 0, hostname: "127.0.0.1" } })());
  assert.equal((await fetch(`http://127.0.0.1:${port}/artery`)).status, 501);
  const [code] = await once(dialService(port, Buffer.alloc(32)), "closed");
  assert.equal(code, 4401);
});
