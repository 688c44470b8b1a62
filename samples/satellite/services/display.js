// @ts-check
// Shows what it hears, the weather with its age: an old temperature is better than none if one knows that it is old.
import { addListener, createService, send } from "../../../clients/typescript/artery.js";

let weather = "no weather yet", heardAt = Date.now();
addListener("weather.now", ({ data }) => {
  weather = `${data.celsius.toFixed(1)} °C, ${data.sky}`;
  heardAt = Date.now();
});

addListener("clock.tick", ({ data }) => {
  const age = Math.round((Date.now() - heardAt) / 1000);
  send("display.shows", `${data}  ${weather}${age > 2 ? ` (${age} s ago)` : ""}`);
});

await createService();
