// Makes a component of a command of WASI preview 1: node adapt.mjs NODE_MODULES MODULE COMPONENT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, from, to] = process.argv.slice(2);
const { componentNew, preview1AdapterCommandPath } = await import(pathToFileURL(join(modules, "@bytecodealliance/jco/dist/api.js")));
writeFileSync(to, await componentNew(readFileSync(from), [["wasi_snapshot_preview1", readFileSync(preview1AdapterCommandPath())]]));
