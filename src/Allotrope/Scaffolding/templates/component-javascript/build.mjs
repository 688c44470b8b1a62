// Makes a component of a script and an engine, with the types of world.wit.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { componentize } from "@bytecodealliance/componentize-js";

const [sourcePath, out] = process.argv.slice(2);
// The engine's own handler of HTTP is of this version of WASI
const witWorld = (readFileSync("world.wit", "utf8") + readFileSync("wasi.wit", "utf8")).replaceAll(/@0\.2\.0(?!-)/g, "@0.2.10");
const { component } = await componentize({ sourcePath, witWorld, worldName: "http" });
writeFileSync(`${out}.new`, component);
renameSync(`${out}.new`, out); // whoever watches sees it whole
