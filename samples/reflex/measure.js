// @ts-check
// How long from the sensor to the actuator: paces through the hall and prints what the light has measured.
import { readFile } from "node:fs/promises";
import { argv, env, exit } from "node:process";
import { createService, deriveUserKey, deriveZoneKey, invoke } from "../../clients/typescript/artery.js";

const times = Number(argv[2] ?? 500), pause = 5, zone = "house", user = "measure";
const key = await readFile(env.O3_KEY_FILE ?? new URL("o3_key.txt", import.meta.url), "utf8");
const userKey = await deriveUserKey(await deriveZoneKey(key, zone), user);
await createService({}, { zone, service: "page", user, userKey, core: env.O3_CORE ?? "ws://127.0.0.1:1122/artery" });

await invoke("motion", "pace", { times: 50, pause }); // until the programs are warm
await invoke("light", "reflexes", { clear: true });
await invoke("motion", "pace", { times, pause }, { timeout: 60_000 });
const { count, p50, p99 } = await invoke("light", "reflexes");
console.log(`${count} of ${times} reflexes: p50 ${(p50 / 1000).toFixed(2)} ms, p99 ${(p99 / 1000).toFixed(2)} ms from sensor to light`);
exit();
