namespace Allotrope.Lattice;

/// <summary>Scopes to use again: about as many as requests run at once on the machine's cores, nested ones included.</summary>
sealed class ScopePool(TimeProvider time)
{
    readonly RequestScope?[] _scopes = new RequestScope?[64];
    RequestScope? _first;

    public RequestScope Rent()
    {
        if (Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        for (var i = 0; i < _scopes.Length; i++)
            if (_scopes[i] is not null && Interlocked.Exchange(ref _scopes[i], null) is { } scope)
                return scope;
        return new RequestScope(time);
    }

    public void Return(RequestScope scope)
    {
        if (!scope.Reset() || Interlocked.CompareExchange(ref _first, scope, null) is null)
            return;
        for (var i = 0; i < _scopes.Length; i++)
            if (_scopes[i] is null && Interlocked.CompareExchange(ref _scopes[i], scope, null) is null)
                return;
    }
}
