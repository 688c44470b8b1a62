using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>What one instance makes the host hold of fields and bodies, and no more: a handle costs the guest next to nothing. Used by one thread at a time.</summary>
public sealed class HttpHoldings
{
    /// <summary>Bytes of all fields that the guest has made and not dropped, with what their places take.</summary>
    public const int MostFieldBytes = 4 << 20;

    /// <summary>Bodies that the guest has begun and not let go of; each may hold what its reader has not taken yet.</summary>
    public const int MostBodies = 256;

    int _fieldBytes, _bodies;

    /// <summary>Told when bytes of a body have been read, or written to one that somebody reads; on the guest's thread.</summary>
    public Action? Moved { get; init; }

    internal void TakeFields(int bytes)
    {
        if (bytes > MostFieldBytes - _fieldBytes)
            throw new ComponentTrap($"the component holds fields of more than {MostFieldBytes} bytes");
        _fieldBytes += bytes;
    }

    internal void GiveFields(int bytes) => _fieldBytes -= bytes;

    /// <summary>A body, held until its message and the guest's end of it have both let go.</summary>
    internal HeldBody TakeBody()
    {
        if (_bodies == MostBodies)
            throw new ComponentTrap($"the component holds more than {MostBodies} bodies");
        _bodies++;
        return new(() => _bodies--, Moved);
    }
}

/// <summary>A body that counts.</summary>
/// <param name="over">Both ends have let go.</param>
/// <param name="moved">Bytes of it have been written.</param>
sealed class HeldBody(Action over, Action? moved)
{
    int _ends = 2;

    /// <summary>Its message has been sent. What a guest writes for nobody moves nothing, or it could buy itself time without end.</summary>
    public bool Goes { get; private set; }

    public void Go() => Goes = true;

    public void Move()
    {
        if (Goes)
            moved?.Invoke();
    }

    public void LetGo()
    {
        if (--_ends == 0)
            over();
    }
}
