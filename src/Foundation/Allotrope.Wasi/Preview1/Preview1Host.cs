using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Wasi.Preview1;

/// <summary>
/// <c>wasi_snapshot_preview1</c> for one instance: all its functions, over the same files, streams, clocks and randomness as WASI 0.2. A pointer outside
/// the guest's memory is <c>fault</c> and nothing happens.
/// </summary>
public sealed partial class Preview1Host
{
    /// <summary>What guests import it by.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    readonly WasiState _state;
    readonly GuestFiles _files;
    readonly byte[][] _arguments, _environment;

    /// <param name="state">What the guest was granted. Preopened directories are opened now.</param>
    /// <exception cref="ArgumentException">An argument or variable has a character that C cannot have in a string.</exception>
    /// <exception cref="DirectoryNotFoundException">A directory that is granted cannot be opened.</exception>
    public Preview1Host(WasiState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        _files = new(state);
        _arguments = [.. state.Arguments.Select(CString)];
        _environment = [.. state.Environment.Select(variable => CString($"{variable.Key}={variable.Value}"))];
    }

    /// <summary>Offers the functions to a module, which must export its memory as <c>memory</c>.</summary>
    public void AddTo(Linker linker)
    {
        ArgumentNullException.ThrowIfNull(linker);
        var functions = new HostFunctions(linker);
        AddProcess(functions);
        AddFiles(functions);
        AddContents(functions);
        AddPaths(functions);
        functions.Add("poll_oneoff", PollOneOffAsync);
        AddSockets(functions);
    }

    static byte[] CString(string text) => text.Contains('\0')
        ? throw new ArgumentException($"\"{text.Replace("\0", "\\0")}\" cannot be given to a guest of preview 1: a string of C ends at the first zero.", nameof(text))
        : [.. Encoding.UTF8.GetBytes(text), 0];
}
