// @ts-check
// A sensor: the living room's temperature. The room is made up: it loses heat, the faster with the window open, and gains what the valve lets in.
import { addListener, send, setState } from "../../../clients/typescript/artery.js";
import { beDevice, now } from "./device.js";

const outside = 8;
let celsius = 19.4, percent = 0, open = false;

addListener("living.valve", ({ data }) => { percent = data.percent; });
addListener("window.set", ({ data }) => { open = data.open === true; setState({ window: open }); });

await beDevice({ kind: "thermometer", celsius, window: open });
setInterval(() => {
  celsius += percent * 0.0022 - (celsius - outside) * (open ? 0.02 : 0.006);
  const told = Math.round(celsius * 10) / 10;
  setState({ celsius: told });
  send("living.temperature", { celsius: told, at: now() });
}, 1000);
