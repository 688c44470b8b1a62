using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>
/// What the memories of a module hold before anything runs, as far as the module alone says it: zeros, and the active segments whose place is a
/// constant. Snapshots hold what differs from it. Made when first asked for, which is when an instance has taken that much memory already.
/// </summary>
sealed class InitialImage
{
    /// <summary>Memories are compared in pieces of this size; it divides WebAssembly's page.</summary>
    internal const int PieceBytes = 4096;

    static readonly ConditionalWeakTable<Module, InitialImage> Known = [];
    static readonly byte[] Zeros = new byte[PieceBytes];

    readonly Dictionary<(int Memory, ulong Piece), byte[]> _pieces = [];

    InitialImage(ModuleImage module)
    {
        foreach (var segment in module.DataSegments)
        {
            if (segment.PlaceIn(module) is { } place)
                Put(segment.Target, place, segment.Bytes.Span);
        }
    }

    internal static InitialImage Of(Module module) => Known.GetValue(module, static module => new InitialImage(module.Image));

    internal ReadOnlySpan<byte> Piece(int memory, ulong piece) => _pieces.GetValueOrDefault((memory, piece), Zeros);

    void Put(int memory, ulong address, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var (piece, start) = (address / PieceBytes, (int)(address % PieceBytes));
            if (!_pieces.TryGetValue((memory, piece), out var target))
                _pieces[(memory, piece)] = target = new byte[PieceBytes];
            var length = Math.Min(bytes.Length, PieceBytes - start);
            bytes[..length].CopyTo(target.AsSpan(start));
            bytes = bytes[length..];
            address += (ulong)length;
        }
    }
}
