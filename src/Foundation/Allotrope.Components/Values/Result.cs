namespace Allotrope.Components;

/// <summary>WIT's <c>result&lt;T, E&gt;</c>: a value or an error. A side without a value is <see cref="Unit"/>. The default is success with T's default value.</summary>
/// <remarks>A function returns either by assignment: <c>return ErrorCode.Access;</c>. Where both sides have the same type, use <see cref="Ok"/> and <see cref="Fail"/>.</remarks>
public readonly record struct Result<T, TError>
{
    readonly bool _failed;
    readonly T _value;
    readonly TError _error;

    Result(bool failed, T value, TError error)
    {
        _failed = failed;
        _value = value;
        _error = error;
    }

    /// <summary>True if this is a value.</summary>
    public bool IsOk => !_failed;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">This is an error.</exception>
    public T Value => _failed ? throw new InvalidOperationException($"This result is the error {_error}; look at IsOk before Value.") : _value;

    /// <summary>The error.</summary>
    /// <exception cref="InvalidOperationException">This is a value.</exception>
    public TError Error => _failed ? _error : throw new InvalidOperationException("This result is a value; look at IsOk before Error.");

    public static Result<T, TError> Ok(T value) => new(false, value, default!);

    public static Result<T, TError> Fail(TError error) => new(true, default!, error);

    /// <summary>The same with what <paramref name="change"/> makes of the value; an error stays one.</summary>
    public Result<TOther, TError> Select<TOther>(Func<T, TOther> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _failed ? Result<TOther, TError>.Fail(_error) : Result<TOther, TError>.Ok(change(_value));
    }

    public static implicit operator Result<T, TError>(T value) => Ok(value);

    public static implicit operator Result<T, TError>(TError error) => Fail(error);

    public override string ToString() => _failed ? $"error({_error})" : $"ok({_value})";
}
