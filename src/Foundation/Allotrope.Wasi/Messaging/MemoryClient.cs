using Allotrope.Components;

namespace Allotrope.Wasi.Messaging;

/// <summary>A guest's connection to <see cref="MemoryMessaging"/>.</summary>
sealed class MemoryClient(MemoryMessaging service) : IClient
{
    public MemoryMessaging Service => service;

    public bool Connected { get; private set; } = true;

    public Result<Unit, Error> Disconnect()
    {
        Connected = false;
        return default(Unit);
    }

    public void Dispose() => Connected = false;
}
