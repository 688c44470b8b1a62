using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;

namespace Allotrope.Wasm;

/// <content>What compiled code calls: to leave its values, to have them again, and to hand results on.</content>
sealed partial class Suspension
{
    int _site;

    /// <summary>A function leaves the thread: its values come next.</summary>
    /// <exception cref="Trap">The guest has more suspended than it may have on its stack.</exception>
    internal static Suspension Park(Instance instance, int function, int site)
    {
        var suspension = instance.Guard.Activity!;
        suspension._parked.Peek().Add(new ParkedFrame(instance, function, site));
        instance.Guard.CheckParked(suspension);
        return suspension;
    }

    internal static void SaveInt32(Suspension suspension, int value) => suspension._parked.Peek().Write(value);

    internal static void SaveInt64(Suspension suspension, long value) => suspension._parked.Peek().Write(value);

    internal static void SaveSingle(Suspension suspension, float value) => suspension._parked.Peek().Write(BitConverter.SingleToInt32Bits(value));

    internal static void SaveDouble(Suspension suspension, double value) => suspension._parked.Peek().Write(BitConverter.DoubleToInt64Bits(value));

    internal static void SaveVector(Suspension suspension, Vector128<byte> value)
    {
        suspension._parked.Peek().Write(value.AsInt64()[0]);
        suspension._parked.Peek().Write(value.AsInt64()[1]);
    }

    internal static void SaveReference(Suspension suspension, object? value) => suspension._parked.Peek().Write(value);

    /// <summary>Which of its calls the function goes on behind.</summary>
    internal static int Site(Suspension suspension) => suspension._site;

    internal static int LoadInt32(Suspension suspension) => (int)suspension._parked.Peek().ReadNumber();

    internal static long LoadInt64(Suspension suspension) => suspension._parked.Peek().ReadNumber();

    internal static float LoadSingle(Suspension suspension) => BitConverter.Int32BitsToSingle((int)suspension._parked.Peek().ReadNumber());

    internal static double LoadDouble(Suspension suspension) => BitConverter.Int64BitsToDouble(suspension._parked.Peek().ReadNumber());

    internal static Vector128<byte> LoadVector(Suspension suspension)
    {
        var frames = suspension._parked.Peek();
        return Vector128.Create(frames.ReadNumber(), frames.ReadNumber()).AsByte();
    }

    internal static object? LoadReference(Suspension suspension) => suspension._parked.Peek().ReadReference();

    /// <summary>What is known to be one.</summary>
    internal static Function? LoadFunction(Suspension suspension) => Unsafe.As<Function?>(suspension._parked.Peek().ReadReference());

    /// <summary>Where the function goes on: throws what the call threw, if it did.</summary>
    internal static void Rethrow(Suspension suspension)
    {
        if (suspension._failure is not { } failure)
            return;
        suspension._failure = null;
        ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Leaves the result of a call.</summary>
    internal static void Give<T>(T value, Suspension suspension)
    {
        if (IsPlain<T>())
            Unsafe.As<TwoNumbers, T>(ref suspension._numbers) = value;
        else if (!typeof(T).IsValueType)
            suspension._reference = value;
        else if (suspension._tuple is StrongBox<T> box)
            box.Value = value;
        else
            suspension._tuple = new StrongBox<T>(value);
    }

    /// <summary>Takes the result of a call.</summary>
    internal static T Take<T>(Suspension suspension)
    {
        if (IsPlain<T>())
            return Unsafe.As<TwoNumbers, T>(ref suspension._numbers);
        if (!typeof(T).IsValueType)
        {
            var reference = suspension._reference;
            suspension._reference = null;
            return (T)reference!;
        }

        // Who gave it may have had numbers without a sign, or functions where this has objects: tuples of the same form in memory.
        var box = Unsafe.As<StrongBox<T>>(suspension._tuple!);
        var value = box.Value!;
        box.Value = default!;
        return value;
    }

    static bool IsPlain<T>() => !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && Unsafe.SizeOf<T>() <= 2 * sizeof(long);

    /// <summary>The method that leaves a value of a kind.</summary>
    internal static MethodInfo Saver(ValueKind kind) => Members.Method(typeof(Suspension), kind switch
    {
        ValueKind.I32 => nameof(SaveInt32),
        ValueKind.I64 => nameof(SaveInt64),
        ValueKind.F32 => nameof(SaveSingle),
        ValueKind.F64 => nameof(SaveDouble),
        ValueKind.V128 => nameof(SaveVector),
        _ => nameof(SaveReference),
    });

    /// <summary>The method that gives it back.</summary>
    internal static MethodInfo Loader(ValueKind kind) => Members.Method(typeof(Suspension), kind switch
    {
        ValueKind.I32 => nameof(LoadInt32),
        ValueKind.I64 => nameof(LoadInt64),
        ValueKind.F32 => nameof(LoadSingle),
        ValueKind.F64 => nameof(LoadDouble),
        ValueKind.V128 => nameof(LoadVector),
        ValueKind.FuncRef => nameof(LoadFunction),
        _ => nameof(LoadReference),
    });
}
