using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Filesystem;

/// <summary><c>wasi:filesystem/preopens</c> and the function of <c>types</c>.</summary>
sealed class FilesystemHost(FileTable table, IReadOnlyList<Preopen> preopens) : IPreopens, ITypes
{
    public (IDescriptor, string)[] GetDirectories() => [.. preopens.Select(preopen => ((IDescriptor)table.Preopen(preopen), preopen.GuestPath))];

    public ErrorCode? FilesystemErrorCode(IError err) => err is StreamFailure { Cause: FileException { Code: var code } } ? code : null;
}
