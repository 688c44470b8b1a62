// Calls what `jco transpile` made of guests/components/calls-c with the inputs of a file, and prints the results as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [transpiled, file] = process.argv.slice(2);
const calls = await import(pathToFileURL(transpiled).href);
const { sums, texts, lists, values } = JSON.parse(readFileSync(file, "utf8"));

// JSON has no integers of 64 bits, no bytes and nothing that is missing
const given = ({ tag, val }) => ({ tag, val: tag === "large" ? BigInt(val) : tag === "bytes" ? Uint8Array.from(val) : (val ?? undefined) });
const seen = ({ tag, val }) => ({ tag, val: tag === "large" ? String(val) : tag === "bytes" ? [...val] : (val ?? null) });

console.log(
  JSON.stringify({
    sums: sums.map(([a, b]) => calls.add(a, b)),
    lengths: texts.map((text) => calls.length(text)),
    texts: texts.map((text) => calls.echo(text)),
    totals: lists.map((points) => calls.total(points)),
    values: calls.mirror(values.map(given)).map(seen),
  }),
);
