// Builds each component to <folder>/<name>.wasm, the large ones to artifacts/guests/<folder>.wasm: `npm run build [folder ...]`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { componentEmbed, componentNew, preview1AdapterCommandPath, preview1AdapterReactorPath } from "@bytecodealliance/jco";

const work = mkdtempSync(join(tmpdir(), "guests-"));
const wasi = readFileSync("wasi.wit", "utf8");
const sockets = readFileSync("sockets.wit", "utf8") + wasi;
const worlds = readFileSync("guests.wit", "utf8") + wasi;
process.env.PATH = `${resolve("node_modules/.bin")}:${process.env.PATH}`; // clang runs the wasm-opt that it finds: the pinned one, for the same bytes everywhere
const clang = (...args) =>
  execFileSync("clang-19", ["-O2", "-Wall", "-Wextra", "-Wl,--strip-all", "-fuse-ld=/usr/bin/wasm-ld-19", ...args], { stdio: "inherit" });

// C without a C library: the signatures of a WIT file, written by hand
async function freestanding(folder, name, world, witSource = worlds, built = name, ...flags) {
  const core = join(work, `${built}.wasm`);
  clang("--target=wasm32", "-mbulk-memory", "-nostdlib", "-I.", "-Wl,--no-entry", ...flags, `${folder}/${name}.c`, "-o", core);
  const typed = await componentEmbed({
    binary: readFileSync(core),
    witSource,
    world,
    stringEncoding: "utf8",
    dummy: false,
  });
  writeFileSync(`${folder}/${built}.wasm`, await componentNew(typed, []));
}

// One source for both drafts of an interface
async function watch() {
  const wit = readFileSync("watch-c/watch.wit", "utf8") + wasi.replace(/^package wasi:keyvalue[^]*?^}\n/m, "");
  await freestanding("watch-c", "watch", "watch", wit, "watch", '-DVERSION="0.2.0-draft2"');
  await freestanding("watch-c", "watch", "watch", wit.replaceAll("0.2.0-draft2", "0.2.0-draft"), "watch-draft", '-DVERSION="0.2.0-draft"');
}

// A program of WASI preview 1, and the component that jco's adapter makes of it
async function command() {
  const core = "command-c/command-preview1.wasm";
  clang("--target=wasm32-wasi", "--sysroot=/usr", "-I/usr/include/wasm32-wasi", "command-c/command.c", "-o", core);
  const adapter = readFileSync(preview1AdapterCommandPath());
  writeFileSync("command-c/command.wasm", await componentNew(readFileSync(core), [["wasi_snapshot_preview1", adapter]]));
}

// Rust through Debian's second toolchain, whose sources carry WASI's bindings: nothing comes from crates.io
async function rust(folder, name) {
  const root = resolve("../../artifacts/rust");
  if (!existsSync(root)) execFileSync("sh", ["rust-side-root.sh", root], { stdio: "inherit" });
  const target = join(root, "target");
  const flags = ["-L/usr/lib/wasm32-wasi", "-Clink-self-contained=no", "-Clink-arg=/usr/lib/wasm32-wasi/crt1-reactor.o", `--remap-path-prefix=${root}=/rust`];
  execFileSync(
    join(root, "usr/bin/cargo"),
    [
      "build", "--release", "--offline", "-Zbuild-std=std,panic_abort", "--target=wasm32-wasip1",
      "--config", 'source.crates-io.replace-with="debian"',
      "--config", `source.debian.directory="${root}/usr/src/rustc-1.96.0/library/vendor"`,
      "--config", 'target.wasm32-wasip1.linker="wasm-ld-19"',
      "--config", `target.wasm32-wasip1.rustflags=${JSON.stringify(flags)}`,
    ],
    {
      cwd: folder,
      stdio: "inherit",
      env: {
        ...process.env,
        LD_LIBRARY_PATH: join(root, "usr/lib/x86_64-linux-gnu"),
        RUSTC: join(root, "usr/bin/rustc"),
        RUSTC_BOOTSTRAP: "1", // -Zbuild-std in a stable compiler
        CARGO_HOME: join(root, "home"),
        CARGO_TARGET_DIR: target,
      },
    },
  );
  const adapter = readFileSync(preview1AdapterReactorPath());
  const core = readFileSync(join(target, `wasm32-wasip1/release/${name}.wasm`));
  writeFileSync(`${folder}/${name}.wasm`, await componentNew(core, [["wasi_snapshot_preview1", adapter]]));
}

// JavaScript with its engine inside: 12 MB, too large to commit
async function javascript(folder, name) {
  const { componentize } = await import("@bytecodealliance/componentize-js");
  const out = resolve("../../artifacts/guests", `${folder}.wasm`);
  mkdirSync(dirname(out), { recursive: true });
  const witWorld = worlds.replaceAll(/@0\.2\.0(?!-)/g, "@0.2.10"); // the engine's handler is of that version
  const { component } = await componentize({ sourcePath: `${folder}/${name}.js`, witWorld, worldName: "http" });
  writeFileSync(out, component);
}

const guests = {
  "hello-c": () => freestanding("hello-c", "hello", "http"),
  "streams-c": () => freestanding("streams-c", "streams", "http"),
  "waits-c": () => freestanding("waits-c", "waits", "waits"),
  "proxy-c": () => freestanding("proxy-c", "proxy", "proxy"),
  "calls-c": () => freestanding("calls-c", "calls", "calls"),
  "counter-c": () => freestanding("counter-c", "counter", "counter"),
  "objects-c": () => freestanding("objects-c", "objects", "objects", readFileSync("objects-c/objects.wit", "utf8") + wasi),
  "shelf-c": () => freestanding("shelf-c", "shelf", "shelf", readFileSync("shelf-c/shelf.wit", "utf8") + wasi),
  "herald-c": () => freestanding("herald-c", "herald", "herald", readFileSync("herald-c/herald.wit", "utf8") + wasi),
  "relay-c": () => freestanding("relay-c", "relay", "relay", readFileSync("relay-c/relay.wit", "utf8") + wasi),
  "files-c": () => freestanding("files-c", "files", "files", readFileSync("files-c/files.wit", "utf8") + wasi),
  "dial-c": () => freestanding("dial-c", "dial", "dial", readFileSync("dial-c/dial.wit", "utf8") + sockets),
  "talk-c": () => freestanding("talk-c", "talk", "talk", readFileSync("talk-c/talk.wit", "utf8") + sockets),
  "watch-c": watch,
  "greeter-c": () => freestanding("greeter-c", "greeter", "greeter", readFileSync("greeter-c/greeter.wit", "utf8")),
  "page-c": () => freestanding("page-c", "page", "page"),
  "people-c": () => freestanding("people-c", "people", "people"),
  "rude-c": () => freestanding("rude-c", "rude", "rude"),
  "titles-c": () => freestanding("titles-c", "titles", "titles"),
  "command-c": command,
  "hello-rust": () => rust("hello-rust", "hello"),
  "guestbook-rust": () => rust("guestbook-rust", "guestbook"),
  "hello-javascript": () => javascript("hello-javascript", "hello"),
  "fetch-javascript": () => javascript("fetch-javascript", "fetch"),
};

try {
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(guests)) await guests[name]();
} finally {
  rmSync(work, { recursive: true });
}
