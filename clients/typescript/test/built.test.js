import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));
// Where ./test installs the packages; `npm install` here puts them beside package.json
const folder = [process.env.ARTERY_PACKAGES, join(home, "node_modules")].find(folder => folder && existsSync(join(folder, "typescript")));

test("the committed .js are what the compiler makes of the .ts", { skip: folder ? false : "typescript is not installed: npm ci" }, () => {
  const built = mkdtempSync(join(tmpdir(), "artery-"));
  try {
    execFileSync(process.execPath, [join(folder, "typescript/bin/tsc"), "-p", home, "--outDir", built, "--typeRoots", join(folder, "@types")], { stdio: "inherit" });
    for (const file of ["artery.js", "artery-node.js"]) assert.equal(readFileSync(join(built, file), "utf8"), readFileSync(join(home, file), "utf8"), `${file} is not up to date: npm run build`);
  } finally {
    rmSync(built, { recursive: true });
  }
});
