// @ts-check
// What every device of the house has in common.
import { hrtime, kill, pid } from "node:process";
import { createService, handle, setState } from "../../../clients/typescript/artery.js";

/**
 * Makes this process a service of the house; who and where it is, its environment says (see compose.yaml).
 * @param {import("../../../clients/typescript/artery.js").State} state
 */
export async function beDevice(state) {
  // Pulled out of the wall: no farewell, no tidying up
  handle("unplug", () => { setTimeout(() => kill(pid, "SIGKILL"), 20); return "good bye"; });
  await createService({ ...state, missed: 0 }, { onMissed: gap => setState({ missed: gap.missed + gap.unknown }) });
}

/** Microseconds of the machine's clock that all its processes share: it tells how long a reflex took, as long as both ends are on one machine. */
export const now = () => Number(hrtime.bigint() / 1000n);

/** How long the latest reflexes took, in microseconds. */
export class Reflexes {
  /** @type {number[]} */
  #took = [];

  /** @param {number} took */
  add(took) {
    this.#took.push(took);
    if (this.#took.length > 1000) this.#took.shift();
    return took;
  }

  get summary() {
    const sorted = this.#took.toSorted((a, b) => a - b);
    const at = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), last: this.#took.at(-1) ?? null };
  }

  clear() { this.#took = []; }
}
