namespace Allotrope.Wasi.Preview1;

/// <summary>Preview 1 makes no sockets, and none is granted: what there is is none.</summary>
public sealed partial class Preview1Host
{
    void AddSockets(HostFunctions functions)
    {
        functions.Add("sock_accept", (GuestMemory _, int file, int _, int _) => NoSocket(file));
        functions.Add("sock_recv", (GuestMemory _, int file, int _, int _, int _, int _, int _) => NoSocket(file));
        functions.Add("sock_send", (GuestMemory _, int file, int _, int _, int _, int _) => NoSocket(file));
        functions.Add("sock_shutdown", (GuestMemory _, int file, int _) => NoSocket(file));
    }

    ErrorNumber NoSocket(int file)
    {
        _ = _files[file];
        return ErrorNumber.NotSocket;
    }
}
