// QuickJS from the package @jitl/quickjs-wasmfile-release-sync. The export names are what its build made of the QTS_ functions.
import { Guest } from './guest.mjs';

export function start(module, source) {
    const memory = new WebAssembly.Memory({ initial: 256, maximum: 32768 });
    const guest = new Guest(module, { a: memory });
    guest.imported = memory;
    const { u: construct, v: malloc, K: newRuntime, N: newContext, pa: evaluate, na: resolveException, E: undefinedValue } = guest.exports;
    const { Y: newFloat64, Z: getFloat64, ma: call, P: freeValue } = guest.exports;
    construct();
    const context = newContext(newRuntime(), 0);
    const run = evaluate(context, guest.text(source, malloc), new TextEncoder().encode(source).length, guest.text('run.js', malloc), 0, 0);
    check(run);
    const argument = malloc(4);
    return size => {
        const number = newFloat64(context, size);
        guest.setInt(argument, number);
        const result = call(context, run, undefinedValue(), 1, argument);
        check(result);
        const value = getFloat64(context, result);
        freeValue(context, result);
        freeValue(context, number);
        return value;
    };

    function check(value) {
        if (resolveException(context, value)) throw new Error('QuickJS threw an exception');
    }
}
