// @ts-check
// A sensor: says that somebody is in the hall.
import { addListener, handle, send } from "../../../clients/typescript/artery.js";
import { beDevice, now } from "./device.js";

const see = () => send("hall.motion", { at: now() });

// Somebody walks by now and then, and whenever the page asks for it
let pacing = 0;
const wander = () => setTimeout(() => { if (pacing === 0) see(); wander(); }, 15_000 + Math.random() * 15_000);
handle("walk", see);

// For measuring: so many in a row, so many milliseconds apart, and nobody else walks by
handle("pace", async ({ times, pause }) => {
  pacing++;
  for (let step = 0; step < Math.min(times, 10_000); step++) {
    see();
    await new Promise(resolve => setTimeout(resolve, pause));
  }
  pacing--;
});

addListener("CORE_STABLIZED", () => console.log("everybody has answered: the house is awake"));
await beDevice({ kind: "motion sensor" });
wander();
