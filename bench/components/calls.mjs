// The same calls through what `jco transpile` made of the component: prints nanoseconds of each, by name.
import { pathToFileURL } from "node:url";

const [transpiled, quick] = process.argv.slice(2);
const { add, length, echo, total } = await import(pathToFileURL(transpiled).href);
const text = "x".repeat(1024);
const points = Array.from({ length: 16 }, (_, i) => ({ x: i, y: i / 2, name: `n${i}` }));
const calls = { add: () => add(1, 2), length: () => length(text), echo: () => echo(text), total: () => total(points) };

const count = quick ? 100 : 20_000;
const many = (once) => {
  const begun = process.hrtime.bigint();
  for (let i = 0; i < count; i++) once();
  return Number(process.hrtime.bigint() - begun) / count;
};
for (const [name, once] of Object.entries(calls)) {
  many(once);
  const times = Array.from({ length: quick ? 3 : 15 }, () => many(once)).sort((a, b) => a - b);
  console.log(name, times[times.length >> 1]);
}
