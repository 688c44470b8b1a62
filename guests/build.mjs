// Compiles each actor to <name>/<name>.wasm: `npm run build [name ...]`.
import { execFileSync } from "node:child_process";

const actors = process.argv.length > 2 ? process.argv.slice(2) : ["hello", "counter", "hostile"];
for (const actor of actors) {
  execFileSync("node", [
    "node_modules/assemblyscript/bin/asc.js", `${actor}/index.ts`,
    "--outFile", `${actor}/${actor}.wasm`,
    "-O3", "--converge",
    "--runtime", "minimal", // collects when told to, see wasmbus/guest.ts
    "--use", "abort=wasmbus/abort/abort",
    ...(actor === "hostile" ? ["--debug"] : []), // names for the stack of its traps
  ], { stdio: "inherit" });
}
