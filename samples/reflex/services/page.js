// @ts-check
// Serves the page. A tab that shows it is a service of the house itself: it is given a key of its own, made of the zone's, which never leaves this process.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { env } from "node:process";
import { createService, deriveUserKey, deriveZoneKey } from "../../../clients/typescript/artery.js";

const usual = 8100;
const { O3_ZONE: zone = "house", O3_CORE: core = "ws://127.0.0.1:1122/artery", O3_KEY_FILE: keyFile = "/run/secrets/o3_key" } = env;
const zoneKey = await deriveZoneKey(await readFile(keyFile, "utf8"), zone);

/** @type {Record<string, [file: string, type: string]>} */
const files = {
  "/": ["../page/index.html", "text/html; charset=utf-8"],
  "/page.css": ["../page/page.css", "text/css; charset=utf-8"],
  "/page.js": ["../page/page.js", "text/javascript; charset=utf-8"],
  "/nerves.js": ["../page/nerves.js", "text/javascript; charset=utf-8"],
  "/clients/typescript/artery.js": ["../../../clients/typescript/artery.js", "text/javascript; charset=utf-8"],
};

/** @param {string} user @returns what a tab needs to be `page/user` */
const invitation = async user => ({ zone, service: "page", user, userKey: Buffer.from(await deriveUserKey(zoneKey, "page", user)).toString("hex"), core });

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost"), user = url.searchParams.get("user") ?? "";
  response.setHeader("Content-Security-Policy", `default-src 'self'; connect-src 'self' ${new URL(core).origin}; img-src 'self' data:`);
  // Whoever opens the page may work the house: this machine only, and under no other name, which a page elsewhere could have made point here
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) response.writeHead(403).end();
  else if (url.pathname === "/invitation" && /^[a-z0-9-]{1,40}$/.test(user))
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(await invitation(user)));
  else if (files[url.pathname]) {
    const [file, type] = files[url.pathname];
    response.setHeader("Content-Type", type).end(await readFile(new URL(file, import.meta.url)));
  } else response.writeHead(404).end();
});

await createService({ kind: "page" });
server.once("listening", () => console.log(`the house is at http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`));
// Taken? Any other will do
server.once("error", () => server.listen(0, "127.0.0.1"));
server.listen(Number(env.PORT ?? usual), "127.0.0.1");
