// A program's instance. Imports that its host does not have give zero: none of the others is needed for what runs here.
export class Guest {
    constructor(module, imports = {}) {
        const all = {};
        for (const { module: from, name, kind } of WebAssembly.Module.imports(module))
            (all[from] ??= {})[name] = imports[name] ?? (kind === 'function' ? () => 0 : undefined);
        this.exports = new WebAssembly.Instance(module, all).exports;
    }

    /** What is in memory now: growing makes another buffer. */
    get memory() { return this.imported ?? Object.values(this.exports).find(value => value instanceof WebAssembly.Memory); }

    get bytes() { return new Uint8Array(this.memory.buffer); }

    int(address) { return new DataView(this.memory.buffer).getInt32(address, true); }

    setInt(address, value) { new DataView(this.memory.buffer).setInt32(address, value, true); }

    /** Puts text, with a zero behind it, where the program's own `malloc` says. */
    text(text, malloc) {
        const bytes = new TextEncoder().encode(`${text}\0`);
        const address = malloc(bytes.length);
        this.bytes.set(bytes, address);
        return address;
    }
}
