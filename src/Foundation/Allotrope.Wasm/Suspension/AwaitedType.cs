namespace Allotrope.Wasm;

/// <summary>What is in a task that a delegate returns.</summary>
static class AwaitedType
{
    extension(Type type)
    {
        /// <summary>Whether a delegate that returns this may wait: <see cref="ValueTask"/>, or one with a result.</summary>
        internal bool IsAwaited => type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

        /// <summary>What there is when the waiting is over; the type itself when nothing is waited for.</summary>
        internal Type WithoutTask => type == typeof(ValueTask) ? typeof(void) : type.IsAwaited ? type.GetGenericArguments()[0] : type;
    }
}
