// @ts-check
// The satellite: the zone knows the weather station by it, and by nothing else.
import { env } from "node:process";
import { createService, handle, send } from "../../../clients/typescript/artery.js";
import { Satellite } from "./satellite.js";

const remote = `http://127.0.0.1:${env.WEATHER_PORT ?? 8200}/weather`;

const station = new Satellite(
  async signal => {
    const answer = await fetch(remote, { signal });
    if (!answer.ok) throw new Error(`${remote} answers ${answer.status}`);
    return answer.json();
  },
  weather => send("weather.now", weather));

handle("now", () => station.known);
await createService({ health: "ok" });
station.watch(1000);
