// @ts-check
// Stands for a system somewhere else, over HTTP, that is not always well: POST /stall?seconds=10 makes it sit on every request, POST /resume ends that.
import { createServer } from "node:http";
import { env } from "node:process";

let stalledUntil = 0;
/** @type {(() => void)[]} Requests that wait */
let waiting = [];

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST" && url.pathname === "/stall") {
    stalledUntil = Date.now() + 1000 * Number(url.searchParams.get("seconds") ?? 10);
    setTimeout(release, stalledUntil - Date.now());
    return response.end("it answers nobody now\n");
  }
  if (request.method === "POST" && url.pathname === "/resume") {
    stalledUntil = 0;
    release();
    return response.end("it answers again\n");
  }
  if (url.pathname !== "/weather") return response.writeHead(404).end();
  if (Date.now() < stalledUntil) await new Promise(resolve => waiting.push(() => resolve(undefined)));
  const celsius = Math.round(140 + 40 * Math.sin(Date.now() / 20_000)) / 10;
  response.setHeader("Content-Type", "application/json").end(JSON.stringify({ celsius, sky: celsius > 14 ? "clear" : "cloudy" }));
});

function release() {
  if (Date.now() < stalledUntil) return; // stalled again meanwhile
  for (const go of waiting) go();
  waiting = [];
}

server.listen(Number(env.WEATHER_PORT ?? 8200), "127.0.0.1", () => console.log("the remote weather station answers"));
