// The peer: runs kernels on V8 as the bench asks for it, one line of input a command, one line of output an answer.
//   load <file>   -> "<milliseconds to compile, instantiate and call once>"
//   run <size>    -> "<milliseconds> <checksum>"
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

let run;
for await (const line of createInterface({ input: process.stdin })) {
    const [command, argument] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    if (command === 'load') {
        const bytes = readFileSync(argument);
        const start = performance.now();
        const module = new WebAssembly.Module(bytes);
        run = new WebAssembly.Instance(module, { host: { step: value => (value * 3 + 1) | 0 } }).exports.run;
        run(1);
        process.stdout.write(`${performance.now() - start}\n`);
    } else {
        const size = Number(argument);
        const start = performance.now();
        const checksum = run(size);
        process.stdout.write(`${performance.now() - start} ${checksum}\n`);
    }
}
