using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>
/// QuickJS from the package @jitl/quickjs-wasmfile-release-sync. The export names are what its build made of the QTS_ functions.
/// </summary>
static class QuickJs
{
    public static Func<int, int> Start(Module module, string source)
    {
        var store = new Store { Fuel = long.MaxValue };
        var memory = new Memory(store, new Limits(256, 32_768));
        var linker = new Linker().Define("a", "a", memory);
        var guest = new Guest(store, module, linker, []) { Memory = memory };
        guest.Export<Action>("u")(); // constructors
        var malloc = guest.Export<Func<int, int>>("v");
        var context = guest.Export<Func<int, int, int>>("N")(guest.Export<Func<int>>("K")(), 0); // QTS_NewContext of QTS_NewRuntime
        var resolveException = guest.Export<Func<int, int, int>>("na");
        var evaluate = guest.Export<Func<int, int, int, int, int, int, int>>("pa");
        var run = evaluate(context, guest.Text(source, malloc), Encoding.UTF8.GetByteCount(source), guest.Text("run.js", malloc), 0, 0);
        Check(run);
        var undefined = guest.Export<Func<int>>("E");
        var newFloat64 = guest.Export<Func<int, double, int>>("Y");
        var getFloat64 = guest.Export<Func<int, int, double>>("Z");
        var call = guest.Export<Func<int, int, int, int, int, int>>("ma");
        var freeValue = guest.Export<Action<int, int>>("P");
        var argument = malloc(sizeof(int));
        return size =>
        {
            var number = newFloat64(context, size);
            guest.SetInt(argument, number);
            var result = call(context, run, undefined(), 1, argument);
            Check(result);
            var value = getFloat64(context, result);
            freeValue(context, result);
            freeValue(context, number);
            return (int)value;
        };

        void Check(int value)
        {
            if (resolveException(context, value) != 0) throw new InvalidOperationException("QuickJS threw an exception.");
        }
    }
}
