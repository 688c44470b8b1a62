// Compiles each actor to <name>/<name>.wasm and signs it with the development key: `npm run build [name ...]`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const actors = JSON.parse(readFileSync("actors.json"));
const work = mkdtempSync(join(tmpdir(), "guests-"));
const run = (program, ...args) => execFileSync(program, args, { stdio: "inherit" });

for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(actors)) {
  const unsigned = join(work, `${name}.wasm`);
  run(
    "node", "node_modules/assemblyscript/bin/asc.js", `${name}/index.ts`,
    "--outFile", unsigned,
    "-O3", "--converge",
    "--runtime", "minimal", // collects when told to, see wasmbus/guest.ts
    "--use", "abort=wasmbus/abort/abort",
    ...(name === "hostile" ? ["--debug"] : []), // names for the stack of its traps
  );

  const claims = actors[name];
  run(
    "../allot", "actor", "sign", unsigned,
    "--out", `${name}/${name}.wasm`,
    "--key", "development.nk",
    "--module", claims.module,
    "--name", claims.name,
    "--ver", claims.version,
    "--rev", claims.revision,
    ...claims.capabilities.flatMap((contract) => ["--cap", contract]),
  );
}

rmSync(work, { recursive: true });
