namespace Allotrope.Wasm.Tests.Differential;

/// <summary>A valid module, and the calls that make it tell what it does.</summary>
sealed record GeneratedModule(byte[] Binary, IReadOnlyList<GuestCall> Calls);

/// <summary>A call of an export with numbers only; <paramref name="Arguments"/> are bits.</summary>
sealed record GuestCall(string Export, ValueKind[] Parameters, ulong[] Arguments, ValueKind[] Results);
