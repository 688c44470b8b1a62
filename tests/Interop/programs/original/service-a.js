import { addListener, createService, send } from "./service.js";

addListener("SOME_INTENT", ({ arteryName }) => console.log(`a heard SOME_INTENT of ${arteryName}`));
addListener("THANKS", ({ arteryName, data }) => console.log(`a was thanked by ${arteryName} for ${data.number}`));
await createService({ a: true }, Number(Deno.args[0]));
console.log("ready on a");
for (let number = 1; number <= 3; number++) send("SOME_INTENT", { whoop: true, number });
