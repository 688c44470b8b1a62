// The other engine: runs modules on V8, one line of JSON a module, one line of JSON an answer.
//   {"probe": "<base64>"}                      -> whether the module is valid
//   {"module": "<base64>", "calls": [...]}     -> what happened, as a list of texts
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

const cells = new DataView(new ArrayBuffer(8));
const fromBits = {
    i32: bits => Number(BigInt.asIntN(32, bits)),
    i64: bits => BigInt.asIntN(64, bits),
    f32: bits => { cells.setUint32(0, Number(bits)); return cells.getFloat32(0); },
    f64: bits => { cells.setBigUint64(0, bits); return cells.getFloat64(0); },
};
const toText = {
    i32: value => `${value | 0}`,
    i64: value => `${value}`,
    f32: value => { if (value !== value) return 'nan'; cells.setFloat32(0, value); return cells.getUint32(0).toString(16); },
    f64: value => { if (value !== value) return 'nan'; cells.setFloat64(0, value); return cells.getBigUint64(0).toString(16); },
};

// What V8 says, in the words both sides use.
const reasons = [
    [/unreachable/, 'unreachable'], [/memory access out of bounds|data segment|unaligned/, 'memory'], [/table index is out of bounds|table access|element segment/, 'table'],
    [/signature mismatch/, 'signature'], [/divide by zero|remainder by zero/, 'zero'], [/unrepresentable/, 'number'], [/null/, 'null'], [/illegal cast/, 'cast'],
    [/array/, 'array'], [/Maximum call stack/, 'stack'],
];

function reasonOf(error) {
    if (error instanceof WebAssembly.Exception) return 'exception';
    if (error instanceof WebAssembly.CompileError) return `refused: ${error.message}`;
    return `trap ${reasons.find(([text]) => text.test(error.message))?.[1] ?? error.message}`;
}

function run({ module, calls }) {
    const happened = [];
    let said = 0, hash = 0x811c9dc5 | 0;
    const say = bits => { said++; hash = Math.imul(hash ^ bits, 16777619); };
    const host = {
        i32: say,
        i64: value => { say(Number(BigInt.asIntN(32, value))); say(Number(BigInt.asIntN(32, value >> 32n))); },
        ask: value => { say(value); return Math.imul(value ^ hash, 0x2c1b3c6d) >>> 7; },
    };
    let exports;
    try {
        exports = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, 'base64')), { host }).exports;
    } catch (error) {
        return [`instantiation: ${reasonOf(error)}`];
    }
    for (const { name, types, bits, results } of calls) {
        let outcome;
        try {
            const given = exports[name](...types.map((type, i) => fromBits[type](BigInt(bits[i]))));
            const all = results.length === 0 ? [] : results.length === 1 ? [given] : given;
            outcome = results.map((type, i) => toText[type](all[i])).join(' ');
        } catch (error) {
            outcome = reasonOf(error);
        }
        happened.push(`${name}: ${outcome}; said ${said} ${hash}`);
    }
    for (const [name, value] of Object.entries(exports)) {
        if (value instanceof WebAssembly.Memory) {
            const hash = createHash('sha256').update(new Uint8Array(value.buffer)).digest('hex').slice(0, 16);
            happened.push(`${name}: ${value.buffer.byteLength} ${hash}`);
        } else if (value instanceof WebAssembly.Table) {
            happened.push(`${name}: ${value.length}`);
        }
    }
    return happened;
}

for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    const answer = request.probe ? WebAssembly.validate(Buffer.from(request.probe, 'base64')) : run(request);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
