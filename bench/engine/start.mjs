// The peer of the measurements of starts.
//   start.mjs <file>                             compiles, calls `run` if the module imports nothing; says how many milliseconds compiling took
//   start.mjs <file> <warm-ups> <rounds> <kept>  "<median microseconds of an instance and its first call> <KiB resident for each of those kept>"
import { readFileSync } from 'node:fs';

const [file, ...counts] = process.argv.slice(2);
const [warmUps, rounds, kept] = counts.map(Number);
const begun = performance.now();
const module = new WebAssembly.Module(readFileSync(file));
const compiled = performance.now() - begun;
if (counts.length === 0) {
    if (WebAssembly.Module.imports(module).length === 0) new WebAssembly.Instance(module).exports.run(1);
    console.log(compiled);
} else {
    const times = [];
    for (let round = -warmUps; round < rounds; round++) {
        const start = performance.now();
        new WebAssembly.Instance(module).exports.run(1);
        if (round >= 0) times.push((performance.now() - start) * 1000);
    }
    globalThis.gc();
    const before = process.memoryUsage().rss;
    const instances = [];
    for (let i = 0; i < kept; i++) {
        instances.push(new WebAssembly.Instance(module));
        instances[i].exports.run(1);
    }
    const each = (process.memoryUsage().rss - before) / 1024 / kept;
    times.sort((one, other) => one - other);
    console.log(`${times[times.length >> 1]} ${each}`);
}
