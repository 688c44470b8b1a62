using System.Net.Sockets;
using System.Text;

namespace Allotrope.Control;

/// <summary>
/// The listening end of the control socket. The kernel limits a socket's path to 107 bytes; where the data folder's is longer, the socket
/// lies in a folder of mode 0700 of its own under the system's folder for temporary files, and the path is a link to it.
/// </summary>
public sealed class ControlSocket : IDisposable
{
    /// <summary><c>sun_path</c> of unix(7) on Linux, without the final zero.</summary>
    const int PathLength = 107;

    const string Prefix = "allotrope-";

    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string _path;

    ControlSocket(string path, Socket listener) => (_path, Listener) = (path, listener);

    public Socket Listener { get; }

    public static ControlSocket Listen(string path)
    {
        Remove(path); // left by a node that was killed; the data folder's lock says that no other runs
        var actual = path;
        if (!Fits(path))
        {
            actual = Path.Combine(Directory.CreateTempSubdirectory(Prefix).FullName, Path.GetFileName(path));
            File.CreateSymbolicLink(path, actual);
        }
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(actual));
            File.SetUnixFileMode(actual, OwnerOnly);
            listener.Listen();
            return new(path, listener);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the socket at <paramref name="path"/>, through the link where there is one.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<Socket> ConnectAsync(string path, CancellationToken cancellation)
    {
        var actual = Link(path) ?? path;
        if (!Fits(actual))
            throw new SocketException((int)SocketError.AddressNotAvailable);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(actual), cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Listener.Dispose();
        Remove(_path);
    }

    static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= PathLength;

    static string? Link(string path) => new FileInfo(path).LinkTarget;

    static void Remove(string path)
    {
        var target = Link(path);
        File.Delete(path);
        // Only what Listen made: a folder of ours that holds nothing but the socket.
        if (target is null || Path.GetDirectoryName(target) is not { } folder || !Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal))
            return;
        File.Delete(target);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
