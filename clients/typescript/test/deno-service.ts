import { prepareService } from "../artery.ts";

declare const Deno: { args: string[] };
const service = prepareService(), settings = JSON.parse(Deno.args[0]);
service.addListener("PING", ({ data }) => service.send("PONG", data));
service.handle("double", (value) => value * 2);
service.start({}, { ...settings, log() {} });
if (settings.listen) {
  while (service.port === null) await new Promise((resolve) => setTimeout(resolve, 5));
  console.log(service.port);
}
