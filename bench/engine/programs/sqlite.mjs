// SQLite from the package sql.js, through SQLite's own C interface. The export names are what its build made of them.
import { Guest } from './guest.mjs';

const Row = 100;

export function start(module, source) {
    const guest = new Guest(module, { l: bytes => guest.memory.grow((bytes - guest.bytes.length + 65535) >>> 16) >= 0 ? 1 : 0 });
    const { P: construct, Ia: malloc, Ja: free, Ha: open, T: prepare, U: step, va: columnDouble, X: finalize } = guest.exports;
    construct();
    const out = malloc(8);
    check(open(guest.text(':memory:', malloc), out));
    const database = guest.int(out);
    return size => {
        const text = guest.text(source.replaceAll('?1', size), malloc);
        let result = 0;
        for (let next = text; ; next = guest.int(out + 4)) {
            check(prepare(database, next, -1, out, out + 4));
            const statement = guest.int(out);
            if (statement === 0) break;
            if (step(statement) === Row) result = columnDouble(statement, 0);
            check(finalize(statement));
        }
        free(text);
        return result | 0;
    };
}

function check(status) {
    if (status) throw new Error(`SQLite failed with status ${status}`);
}
