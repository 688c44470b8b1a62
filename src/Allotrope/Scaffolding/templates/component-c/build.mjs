// Makes a component of a module, with the types of world.wit.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { componentEmbed, componentNew } from "@bytecodealliance/jco";

const [module, component] = process.argv.slice(2);
const typed = await componentEmbed({
  binary: readFileSync(module),
  witSource: readFileSync("world.wit", "utf8") + readFileSync("wasi.wit", "utf8"),
  world: "http",
  stringEncoding: "utf8",
  dummy: false,
});
writeFileSync(`${component}.new`, await componentNew(typed, []));
renameSync(`${component}.new`, component); // whoever watches sees it whole
