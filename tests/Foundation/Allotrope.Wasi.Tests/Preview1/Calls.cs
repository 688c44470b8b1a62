using System.Buffers.Binary;
using System.Text;
using Allotrope.Conformance;
using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Preview1;
using Allotrope.Wasm;

namespace Allotrope.Wasi.Tests.Preview1;

/// <summary>A guest that calls every function of preview 1 as it is told, with <c>granted/</c> as descriptor 3 and what it needs in its memory.</summary>
sealed class Calls : IDisposable
{
    /// <summary>Places in the guest's memory: what functions give, lists of buffers, paths, and bytes.</summary>
    public const int Result = 64, List = 512, Path = 1024, OtherPath = 8192, Buffer = 16384;

    /// <summary>The granted directory.</summary>
    public const int Root = 3;

    static readonly Module Guest = Module.Compile(File.ReadAllBytes(System.IO.Path.Combine(AppContext.BaseDirectory, "guests", "calls.wasm")));

    readonly DirectoryInfo _world = Directory.CreateTempSubdirectory("allotrope-wasi-");
    readonly Store _store = new(new StoreLimits());
    readonly Instance _instance;

    public Calls(Func<string, WasiState>? grant = null)
    {
        Directory.CreateDirectory(Host("sub"));
        File.WriteAllText(Host("file"), "contents");
        File.WriteAllText(System.IO.Path.Combine(_world.FullName, "secret"), "not for guests");
        State = grant is null ? new WasiState { Preopens = [new(Host(""), "/")], Time = Time } : grant(Host(""));
        var linker = new Linker();
        new Preview1Host(State).AddTo(linker);
        _instance = linker.Instantiate(_store, Guest);
        Memory = _instance.GetMemory("memory");
    }

    public ManualTime Time { get; } = new();

    public WasiState State { get; }

    public Memory Memory { get; }

    public string Host(string path) => System.IO.Path.Combine(_world.FullName, "granted", path);

    /// <summary>Calls a function; 32- or 64-bit as its type says.</summary>
    public ErrorNumber this[string name, params long[] arguments] => (ErrorNumber)Invoke(name, arguments);

    public async Task<ErrorNumber> CallAsync(string name, params long[] arguments)
    {
        var results = new Value[1];
        await Function(name, arguments, out var values).InvokeAsync(values, results);
        return (ErrorNumber)results[0].AsInt32();
    }

    int Invoke(string name, long[] arguments)
    {
        var function = Function(name, arguments, out var values);
        var results = new Value[function.Type.Results.Length];
        function.Invoke(values, results);
        return results.Length == 0 ? 0 : results[0].AsInt32();
    }

    Function Function(string name, long[] arguments, out Value[] values)
    {
        var function = _instance.GetFunction(name);
        values = [.. arguments.Take(function.Type.Parameters.Length).Select((argument, i) => function.Type.Parameters[i].Kind == ValueKind.I64 ? Value.FromInt64(argument) : Value.FromInt32((int)argument))];
        return function;
    }

    public uint UInt32(int at = Result) => Memory.Read<uint>((ulong)at);

    public ulong UInt64(int at = Result) => Memory.Read<ulong>((ulong)at);

    /// <summary>Puts text somewhere and gives its length.</summary>
    public int Put(string text, int at = Path)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.CopyTo(Memory.Slice((ulong)at, bytes.Length));
        return bytes.Length;
    }

    public string Text(int at, int length) => Encoding.UTF8.GetString(Memory.Slice((ulong)at, length));

    /// <summary>A list of one buffer.</summary>
    public void OneBuffer(int length, int at = Buffer)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Memory.Slice(List, 4), at);
        BinaryPrimitives.WriteInt32LittleEndian(Memory.Slice(List + 4, 4), length);
    }

    public ErrorNumber Open(string path, Rights rights = Rights.All, OpenFlags open = OpenFlags.None, int flags = 0, Rights inheriting = Rights.None, int folder = Root) =>
        this["path_open", folder, 1, Path, Put(path), (int)open, (long)rights, (long)inheriting, flags, Result];

    /// <summary>Opens and gives the number.</summary>
    public int Opened(string path, Rights rights = Rights.All, OpenFlags open = OpenFlags.None, int flags = 0, Rights inheriting = Rights.None)
    {
        Assert.Equal(ErrorNumber.Success, Open(path, rights, open, flags, inheriting));
        return (int)UInt32();
    }

    /// <summary>Calls a function of a directory and a path in it.</summary>
    public ErrorNumber At(string function, string path, int folder = Root) => this[function, folder, Path, Put(path)];

    public ErrorNumber Rename(string from, string to) => this["path_rename", Root, Path, Put(from), Root, OtherPath, Put(to, OtherPath)];

    public ErrorNumber Link(string from, string to, int flags = 0) => this["path_link", Root, flags, Path, Put(from), Root, OtherPath, Put(to, OtherPath)];

    public ErrorNumber Symlink(string target, string name) => this["path_symlink", Path, Put(target), Root, OtherPath, Put(name, OtherPath)];

    /// <summary>Opens without following a link at the end.</summary>
    public ErrorNumber OpenItself(string path, OpenFlags open = OpenFlags.None) => this["path_open", Root, 0, Path, Put(path), (int)open, 0, 0, 0, Result];

    /// <summary>What <c>path_filestat_get</c> writes: device, inode, type, size.</summary>
    public (ulong Device, ulong Inode, byte Type, ulong Size) Stat(string path, bool follow = false)
    {
        Assert.Equal(ErrorNumber.Success, this["path_filestat_get", Root, follow ? 1 : 0, Path, Put(path), Result]);
        return (UInt64(), UInt64(Result + 8), Memory.Span[Result + 16], UInt64(Result + 32));
    }

    public ErrorNumber Write(int file, string text)
    {
        OneBuffer(Put(text, Buffer));
        return this["fd_write", file, List, 1, Result];
    }

    public string Read(int file, int length = 100)
    {
        OneBuffer(length);
        Assert.Equal(ErrorNumber.Success, this["fd_read", file, List, 1, Result]);
        return Text(Buffer, (int)UInt32());
    }

    public void Dispose()
    {
        State.Dispose();
        _store.Dispose();
        _world.Delete(recursive: true);
    }
}
