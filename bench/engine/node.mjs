// The peer: runs kernels and programs on V8 as the bench asks for it, one line of input a command, one line of output an answer.
//   load <host> <source> <file>   -> "<milliseconds to compile, instantiate and run once>"; a kernel needs no host: - -
//   run <size>                    -> "<milliseconds> <checksum>"
// Parts are separated by tabs.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const host = {
    step: value => (value * 3 + 1) | 0,
    blend: (one, two, three, four) => (one * 3 + (two ^ three) - four) | 0,
};
let run;
for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...parts] = line.split('\t');
    process.stdout.write(`${command === 'load' ? await load(...parts) : time(Number(parts[0]))}\n`);
}

async function load(host, source, file) {
    const bytes = readFileSync(file);
    const text = source === '-' ? '' : readFileSync(source, 'utf8');
    const { start } = host === '-' ? { start: startKernel } : await import(host);
    const begin = performance.now();
    run = start(new WebAssembly.Module(bytes), text);
    run(1);
    return performance.now() - begin;
}

function startKernel(module) {
    return new WebAssembly.Instance(module, { host }).exports.run;
}

function time(size) {
    const begin = performance.now();
    const checksum = run(size);
    return `${performance.now() - begin} ${checksum}`;
}
