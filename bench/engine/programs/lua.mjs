// Lua 5.4 from the package wasmoon, through Lua's own C interface.
import { Guest } from './guest.mjs';

const LongJump = Symbol();

export function start(module, source) {
    const guest = new Guest(module, {
        invoke_vii(index, a, b) {
            const stack = lua.stackSave();
            try {
                lua.__indirect_function_table.get(index)(a, b);
            } catch (e) {
                if (e !== LongJump) throw e;
                lua.stackRestore(stack);
                lua.setThrew(1, 0);
            }
        },
        _emscripten_throw_longjmp() { throw LongJump; },
        emscripten_resize_heap: bytes => guest.memory.grow((bytes - guest.bytes.length + 65535) >>> 16) >= 0 ? 1 : 0,
    });
    const lua = guest.exports;
    lua.__wasm_call_ctors();
    const state = lua.luaL_newstate();
    lua.luaL_openlibs(state);
    check(lua.luaL_loadstring(state, guest.text(source, lua.malloc)));
    check(lua.lua_pcallk(state, 0, 0, 0, 0, 0));
    const name = guest.text('run', lua.malloc);
    return size => {
        lua.lua_getglobal(state, name);
        lua.lua_pushinteger(state, BigInt(size));
        check(lua.lua_pcallk(state, 1, 1, 0, 0, 0));
        const result = Number(lua.lua_tointegerx(state, -1, 0));
        lua.lua_settop(state, -2);
        return result;
    };
}

function check(status) {
    if (status) throw new Error(`Lua failed with status ${status}`);
}
