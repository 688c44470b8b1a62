// Builds each component to <folder>/<name>.wasm: `npm run build [folder ...]`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentEmbed, componentNew, preview1AdapterCommandPath } from "@bytecodealliance/jco";

const work = mkdtempSync(join(tmpdir(), "guests-"));
const clang = (...args) =>
  execFileSync("clang-19", ["-O2", "-Wall", "-Wextra", "-Wl,--strip-all", "-fuse-ld=/usr/bin/wasm-ld-19", ...args], { stdio: "inherit" });

// C without a C library: the signatures of guests.wit, written by hand
async function freestanding(folder, name, world) {
  const core = join(work, `${name}.wasm`);
  clang("--target=wasm32", "-mbulk-memory", "-nostdlib", "-Wl,--no-entry", `${folder}/${name}.c`, "-o", core);
  const typed = await componentEmbed({
    binary: readFileSync(core),
    witSource: readFileSync("guests.wit", "utf8"),
    world,
    stringEncoding: "utf8",
    dummy: false,
  });
  writeFileSync(`${folder}/${name}.wasm`, await componentNew(typed, []));
}

// A program of WASI preview 1, and the component that jco's adapter makes of it
async function command() {
  const core = "command-c/command-preview1.wasm";
  clang("--target=wasm32-wasi", "--sysroot=/usr", "-I/usr/include/wasm32-wasi", "command-c/command.c", "-o", core);
  const adapter = readFileSync(preview1AdapterCommandPath());
  writeFileSync("command-c/command.wasm", await componentNew(readFileSync(core), [["wasi_snapshot_preview1", adapter]]));
}

const guests = {
  "hello-c": () => freestanding("hello-c", "hello", "http"),
  "streams-c": () => freestanding("streams-c", "streams", "http"),
  "counter-c": () => freestanding("counter-c", "counter", "counter"),
  "command-c": command,
};

try {
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(guests)) await guests[name]();
} finally {
  rmSync(work, { recursive: true });
}
