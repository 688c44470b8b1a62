using System.Runtime.InteropServices;
using Allotrope.Kernel;
using SQLitePCL;

namespace Allotrope.Record;

/// <summary>Binds SQLite's managed side to the system's own library, so that no native code is shipped and security updates are the system's.</summary>
static class SqliteLibrary
{
    const string Name = "libsqlite3.so.0";

    static readonly Lazy<IntPtr> Handle = new(Bind);

    /// <exception cref="FaultException"><see cref="Fault.NotFound"/> when the library is not installed.</exception>
    public static void Load() => _ = Handle.Value;

    static IntPtr Bind()
    {
        if (!NativeLibrary.TryLoad(Name, out var handle))
            throw new FaultException(new Fault.NotFound(
                $"The library {Name}, which keeps the node's record, is not on this machine: install the Debian package libsqlite3-0."));
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? handle : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return handle;
    }
}
