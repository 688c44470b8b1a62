using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Messaging;

namespace Allotrope.Actors;

/// <summary>A guest's handle of a link.</summary>
/// <param name="links">Those of one name, each for some of the interfaces.</param>
sealed class LinkedClient(IReadOnlyList<BoundLink> links) : IClient
{
    bool _isConnected = true;

    /// <summary>To whom goes what is sent by an interface.</summary>
    public Result<string, Error> ProviderOf(string face)
    {
        if (!_isConnected)
            return new Error.Connection("the client was disconnected");
        return links.FirstOrDefault(link => link.Interfaces.Contains(face)) is { } link
            ? link.Workload
            : new Error.PermissionDenied($"the link {links[0].Name} is not for wasi:messaging/{face}");
    }

    public Result<Unit, Error> Disconnect()
    {
        _isConnected = false;
        return default(Unit);
    }

    public void Dispose()
    {
    }
}
