// @ts-check
// How long from the sensor to the actuator: paces through the hall and prints what the light has measured.
import { readFile } from "node:fs/promises";
import { argv, env, exit } from "node:process";
import { createService, deriveUserKey, deriveZoneKey, invoke } from "../../clients/typescript/artery.js";

const remembered = 1000; // by the light
const times = Math.min(Number(argv[2] ?? 500), remembered), warm = 50, pause = 5, zone = "house", user = "measure";
const key = await readFile(env.O3_KEY_FILE ?? new URL("o3_key.txt", import.meta.url), "utf8");
const userKey = await deriveUserKey(await deriveZoneKey(key, zone), "page", user);
await createService({}, { zone, service: "page", user, userKey, core: env.O3_CORE ?? "ws://127.0.0.1:1122/artery" });

/** Paces, and waits for the last step: an answer may overtake intents. What was lost is not waited for long. @param {number} steps */
async function pace(steps) {
  await invoke("light", "reflexes", { clear: true });
  await invoke("motion", "pace", { times: steps, pause }, { timeout: 60_000 });
  for (let look = 0; ; look++) {
    const summary = await invoke("light", "reflexes");
    if (summary.count >= steps || look === 40) return summary;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

await pace(warm); // until the programs are warm
const { count, p50, p99 } = await pace(times);
console.log(`${count} of ${times} reflexes: p50 ${(p50 / 1000).toFixed(2)} ms, p99 ${(p99 / 1000).toFixed(2)} ms from sensor to light`);
exit();
