// @ts-check
// A sensor: says that somebody is in the hall.
import { addListener, handle, send } from "../../../clients/typescript/artery.js";
import { beDevice, now } from "./device.js";

const see = () => send("hall.motion", { at: now() });

// Somebody walks by now and then, and whenever the page asks for it
const wander = () => setTimeout(() => { see(); wander(); }, 15_000 + Math.random() * 15_000);
handle("walk", see);

// For measuring: so many in a row, so many milliseconds apart
handle("pace", async ({ times, pause }) => {
  for (let step = 0; step < Math.min(times, 10_000); step++) {
    see();
    await new Promise(resolve => setTimeout(resolve, pause));
  }
});

addListener("CORE_STABLIZED", () => console.log("everybody has answered: the house is awake"));
await beDevice({ kind: "motion sensor" });
wander();
