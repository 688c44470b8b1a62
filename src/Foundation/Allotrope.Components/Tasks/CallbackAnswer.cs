using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>What an asynchronous function wants next.</summary>
enum CallbackCode
{
    /// <summary>It has ended.</summary>
    Exit = 0,

    /// <summary>To be called again when others have had their turns.</summary>
    Yield = 1,

    /// <summary>To be called again when something has happened.</summary>
    Wait = 2,
}

/// <summary>What a function that is called back says.</summary>
/// <param name="Code">What it wants.</param>
/// <param name="Set">What it waits for, when it does.</param>
readonly record struct CallbackAnswer(CallbackCode Code, uint Set)
{
    /// <exception cref="ComponentTrap">It is none.</exception>
    internal static CallbackAnswer Of(Value packed)
    {
        var bits = (uint)packed.AsInt32();
        var code = (CallbackCode)(bits & 0xF);
        return code <= CallbackCode.Wait ? new(code, bits >> 4) : throw new ComponentTrap($"unsupported callback code {bits & 0xF}");
    }
}
