using Allotrope.Components;
using Allotrope.Kernel;
using Allotrope.Wasm;

namespace Allotrope.Actors;

/// <summary>What there is to know of an actor's file without running it.</summary>
/// <param name="Claims">Its claims, or <see langword="null"/> when they cannot be relied on.</param>
/// <param name="ClaimsProblem">Why not: not signed, changed since, expired.</param>
/// <param name="Digest">The name an artifact store keeps it under.</param>
/// <param name="Memory">The memory it declares or imports; <see langword="null"/> for none.</param>
public sealed record ActorInspection(
    ActorClaims? Claims,
    string? ClaimsProblem,
    string Digest,
    int Bytes,
    ActorMemory? Memory,
    IReadOnlyList<ActorImport> Imports,
    IReadOnlyList<ActorExport> Exports)
{
    /// <summary>Validates the module and reads its claims, which may be missing or bad: that is told, not thrown.</summary>
    /// <param name="time">Says whether the claims have expired; the system's clock when not given.</param>
    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: no valid WebAssembly module.</exception>
    public static ActorInspection Of(ReadOnlySpan<byte> wasm, TimeProvider? time = null)
    {
        var module = Compile(wasm);
        var (claims, problem) = ReadClaims(wasm, time ?? TimeProvider.System);
        var memory = module.Exports.Select(export => export.Type).Concat(module.Imports.Select(import => import.Type))
            .OfType<ExternType.Memory>().FirstOrDefault();
        return new(
            claims,
            problem,
            ArtifactStore.Digest(wasm),
            wasm.Length,
            memory is null ? null : new(memory.Limits.Minimum, memory.Limits.Maximum),
            [.. module.Imports.Select(import => new ActorImport(import.Module, import.Name, $"{import.Type}", HostFunctions.Offer(import)))],
            [.. module.Exports.Select(export => new ActorExport(export.Name, $"{export.Type}"))]);
    }

    static Module Compile(ReadOnlySpan<byte> wasm)
    {
        if (Component.IsComponent(wasm))
            throw new FaultException(new Fault.Invalid("byte 0",
                "The file is a WebAssembly component and no module of an actor: `allot actor inspect` shows what grants its imports, and a blueprint runs it as 'type: component'."));
        try
        {
            return Module.Compile(wasm);
        }
        catch (InvalidModuleException error)
        {
            throw new FaultException(new Fault.Invalid($"byte {error.ByteOffset}", $"The file is no valid WebAssembly module: {error.Message}."), error);
        }
    }

    static (ActorClaims? Claims, string? Problem) ReadClaims(ReadOnlySpan<byte> wasm, TimeProvider time)
    {
        try
        {
            return (SignedModule.Read(wasm, time), null);
        }
        catch (FaultException error)
        {
            return (null, error.Message);
        }
    }
}

/// <param name="MinimumPages">Pages of 64 KiB it begins with.</param>
/// <param name="MaximumPages">Pages it may grow to by its own word; a node's limit may be lower.</param>
public sealed record ActorMemory(ulong MinimumPages, ulong? MaximumPages);

/// <param name="Type">Such as <c>function (i32, i32) -> (i32)</c>.</param>
/// <param name="Offered">Whether a node offers it; one that is not keeps the actor from starting.</param>
public sealed record ActorImport(string Module, string Name, string Type, bool Offered);

public sealed record ActorExport(string Name, string Type);
