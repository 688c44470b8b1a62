using System.Globalization;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>SQLite from the package sql.js, through SQLite's own C interface. The export names are what its build made of them.</summary>
static class Sqlite
{
    const int Row = 100;

    public static Func<int, int> Start(Module module, string source)
    {
        Guest sqlite = null!;
        var linker = new Linker().Define("a", "l", (int bytes) => Guest.Resize(sqlite.Memory, bytes)); // emscripten_resize_heap
        sqlite = new Guest(new Store { Fuel = long.MaxValue }, module, linker, ["l"], "O");
        sqlite.Export<Action>("P")(); // constructors
        var malloc = sqlite.Export<Func<int, int>>("Ia");
        var free = sqlite.Export<Action<int>>("Ja");
        var prepare = sqlite.Export<Func<int, int, int, int, int, int>>("T");
        var step = sqlite.Export<Func<int, int>>("U");
        var columnDouble = sqlite.Export<Func<int, int, double>>("va");
        var finalize = sqlite.Export<Func<int, int>>("X");
        var result = malloc(2 * sizeof(int));
        Check(sqlite.Export<Func<int, int, int>>("Ha")(sqlite.Text(":memory:", malloc), result)); // sqlite3_open
        var database = sqlite.Int(result);
        return size =>
        {
            var text = sqlite.Text(source.Replace("?1", size.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), malloc);
            var value = 0.0;
            for (var next = text; ; next = sqlite.Int(result + sizeof(int)))
            {
                Check(prepare(database, next, -1, result, result + sizeof(int)));
                var statement = sqlite.Int(result);
                if (statement == 0) break;
                if (step(statement) == Row) value = columnDouble(statement, 0);
                Check(finalize(statement));
            }
            free(text);
            return unchecked((int)(long)value);
        };
    }

    static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"SQLite failed with status {status}.");
    }
}
