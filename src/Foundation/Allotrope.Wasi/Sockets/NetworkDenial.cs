namespace Allotrope.Wasi.Sockets;

/// <summary>What a guest wanted of the network and was not granted.</summary>
/// <param name="Target">The name that it asked for, or the address with the port; null for any socket, when it is granted none.</param>
/// <param name="Name">A name that was granted and stands for the address, which is not of the Internet and so has to be granted itself; else null.</param>
public sealed record NetworkDenial(string? Target, string? Name = null)
{
    /// <summary>What it wanted to do there.</summary>
    public NetworkUse Use { get; init; } = NetworkUse.Connect;
}
