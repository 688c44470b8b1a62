// @ts-check
// An actuator: opens with every tenth of a degree that is missing.
import { addListener, handle, send, setState } from "../../../clients/typescript/artery.js";
import { beDevice, now, Reflexes } from "./device.js";

const reflexes = new Reflexes();
let target = 21, percent = 0, celsius = target;

/** @param {string} because @param {number | null} [took] */
function adjust(because, took = null) {
  // Half open where the room neither cools nor warms: so it comes to rest at the target
  const wanted = Math.round(Math.min(100, Math.max(0, 36 + (target - celsius) * 60)));
  if (wanted === percent && because === "temperature") return;
  percent = wanted;
  setState({ percent, target });
  send("living.valve", { percent, target, because, took });
}

addListener("living.temperature", ({ data }) => {
  celsius = data.celsius;
  adjust("temperature", reflexes.add(now() - data.at));
});

addListener("target.set", ({ data }) => {
  if (!(data.celsius >= 5 && data.celsius <= 30)) throw new RangeError(`${data.celsius} is no temperature for a living room: 5 to 30.`);
  target = data.celsius;
  adjust("somebody said so");
});

handle("reflexes", () => reflexes.summary);
await beDevice({ kind: "valve", percent, target });
