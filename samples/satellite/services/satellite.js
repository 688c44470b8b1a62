// @ts-check
// What makes a service a satellite: it asks a system outside the zone at its own pace, one request at a time and never without a limit, keeps the
// newest answer, and tells the remote's health as its own state. Heartbeats are answered meanwhile, for nothing here waits in their way.
import { setState } from "../../../clients/typescript/artery.js";

/** How long a remote may take. Longer, and it is told to be stalled. */
const patience = 2000;

/** @template T */
export class Satellite {
  /** @type {T | null} The newest answer */
  latest = null;
  #heardAt = 0;
  #failingSince = 0;
  #ask; #tell;

  /**
   * @param {(signal: AbortSignal) => Promise<T>} ask asks the remote once, and gives up when the signal says so
   * @param {(answer: T) => void} tell brings an answer into the zone
   */
  constructor(ask, tell) { this.#ask = ask; this.#tell = tell; }

  /** Asks again and again, so many milliseconds after the last answer or failure. @param {number} every */
  async watch(every) {
    for (;;) {
      await this.#once();
      await new Promise(resolve => setTimeout(resolve, every));
    }
  }

  /** Answers at once with what is known, and how old it is: whoever invokes the satellite does not wait for the remote either. */
  get known() { return { latest: this.latest, ageMs: this.latest === null ? null : Date.now() - this.#heardAt }; }

  async #once() {
    try {
      this.latest = await this.#ask(AbortSignal.timeout(patience));
      [this.#heardAt, this.#failingSince] = [Date.now(), 0];
      setState({ health: "ok" });
      this.#tell(this.latest);
    } catch (error) {
      this.#failingSince ||= Date.now();
      const since = new Date(this.#failingSince).toISOString().slice(11, 19), late = /** @type {Error} */ (error).name === "TimeoutError";
      setState({ health: `${late ? "stalled" : "unreachable"} since ${since} UTC` });
    }
  }
}
