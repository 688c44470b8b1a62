import { addListener, createService, removeListener, send } from "./service.js";

function once({ arteryName, intent, data }) {
  console.log(`b heard ${intent} of ${arteryName}: ${JSON.stringify(data)}`);
  removeListener("SOME_INTENT", once);
}
addListener("SOME_INTENT", once);
addListener("SOME_INTENT", ({ data }) => send("THANKS", { number: data.number }));
await createService({ b: true }, Number(Deno.args[0]));
console.log("ready on b");
