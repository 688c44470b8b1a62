// @ts-check
// An actuator: on when somebody moves, off when nobody has for a while. The rule is here, at the lamp: no page and no server has to be there for it.
import { addListener, handle, send, setState } from "../../../clients/typescript/artery.js";
import { beDevice, now, Reflexes } from "./device.js";

const stays = 8000;
const reflexes = new Reflexes();
let mode = "auto", on = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let off;

/** @param {boolean} wanted @param {string} because @param {number | null} [took] */
function turn(wanted, because, took = null) {
  on = wanted;
  setState({ on, mode });
  send("hall.light", { on, mode, because, took });
}

addListener("hall.motion", ({ data }) => {
  const took = reflexes.add(now() - data.at);
  if (mode !== "auto") return;
  clearTimeout(off);
  off = setTimeout(() => turn(false, "nobody moves"), stays);
  if (!on) turn(true, "motion", took);
});

addListener("light.mode", ({ data }) => {
  if (!["auto", "on", "off"].includes(data.mode)) throw new TypeError(`There is no mode ${data.mode}: auto, on or off.`);
  mode = data.mode;
  clearTimeout(off);
  turn(mode === "on", mode === "auto" ? "left to itself" : "somebody said so");
});

handle("reflexes", data => {
  const { summary } = reflexes;
  if (data?.clear) reflexes.clear();
  return summary;
});
await beDevice({ kind: "light", on, mode });
