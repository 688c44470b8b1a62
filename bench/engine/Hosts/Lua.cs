using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>Lua 5.4 from the package wasmoon, through Lua's own C interface.</summary>
static class Lua
{
    public static Func<int, int> Start(Module module, string source)
    {
        var store = new Store { Fuel = long.MaxValue };
        Guest lua = null!;
        Func<int> stackSave = null!;
        Action<int> stackRestore = null!;
        Action<int, int> setThrew = null!;
        var linker = new Linker()
            .Define("env", "invoke_vii", (Instance caller, int index, int a, int b) =>
            {
                var stack = stackSave();
                try
                {
                    ((Function)caller.GetTable("__indirect_function_table")[(uint)index]!).AsDelegate<Action<int, int>>()(a, b);
                }
                catch (LongJumpException)
                {
                    stackRestore(stack);
                    setThrew(1, 0);
                }
            })
            .Define("env", "_emscripten_throw_longjmp", new Action(() => throw new LongJumpException()))
            .Define("env", "emscripten_resize_heap", (int bytes) => Guest.Resize(lua.Memory, bytes));
        lua = new Guest(store, module, linker, ["invoke_vii", "_emscripten_throw_longjmp", "emscripten_resize_heap"], "memory");
        stackSave = lua.Export<Func<int>>("stackSave");
        stackRestore = lua.Export<Action<int>>("stackRestore");
        setThrew = lua.Export<Action<int, int>>("setThrew");
        lua.Export<Action>("__wasm_call_ctors")();
        var state = lua.Export<Func<int>>("luaL_newstate")();
        lua.Export<Action<int>>("luaL_openlibs")(state);
        var malloc = lua.Export<Func<int, int>>("malloc");
        var call = lua.Export<Func<int, int, int, int, int, int, int>>("lua_pcallk");
        Check(lua.Export<Func<int, int, int>>("luaL_loadstring")(state, lua.Text(source, malloc)));
        Check(call(state, 0, 0, 0, 0, 0));
        var name = lua.Text("run", malloc);
        var getGlobal = lua.Export<Func<int, int, int>>("lua_getglobal");
        var pushInteger = lua.Export<Action<int, long>>("lua_pushinteger");
        var toInteger = lua.Export<Func<int, int, int, long>>("lua_tointegerx");
        var setTop = lua.Export<Action<int, int>>("lua_settop");
        return size =>
        {
            getGlobal(state, name);
            pushInteger(state, size);
            Check(call(state, 1, 1, 0, 0, 0));
            var result = toInteger(state, -1, 0);
            setTop(state, -2);
            return (int)result;
        };
    }

    static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"Lua failed with status {status}.");
    }

    sealed class LongJumpException : Exception;
}
