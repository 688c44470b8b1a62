using Allotrope.Kernel;

namespace Allotrope.Actors;

/// <summary>
/// Walks the sections of a WebAssembly binary (core specification, 5.5.2) without looking into them, so that a signature can be checked before
/// anything compiles. Use as <c>foreach (var section in ModuleSections.Of(wasm))</c>.
/// </summary>
readonly ref struct ModuleSections
{
    public const int HeaderSize = 8;

    readonly ReadOnlySpan<byte> _wasm;

    ModuleSections(ReadOnlySpan<byte> wasm) => _wasm = wasm;

    static ReadOnlySpan<byte> CoreHeader => "\0asm\u0001\0\0\0"u8;

    static ReadOnlySpan<byte> ComponentHeader => "\0asm\u000d\0\u0001\0"u8;

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/>: not a core module.</exception>
    public static ModuleSections Of(ReadOnlySpan<byte> wasm)
    {
        if (wasm.StartsWith(CoreHeader))
            return new(wasm);

        throw Invalid(0, wasm.StartsWith(ComponentHeader)
            ? "this is a WebAssembly component and no module of an actor: write 'type: component' in the blueprint, and look at it with `allot wit`"
            : "this is not a WebAssembly module: it does not begin with \\0asm and version 1");
    }

    public Enumerator GetEnumerator() => new(_wasm);

    static FaultException Invalid(int at, string message) => new(new Fault.Invalid($"byte {at}", $"WebAssembly module, byte {at}: {message}."));

    /// <param name="whole">Id, length and body as they stand.</param>
    /// <param name="name">A custom section's name.</param>
    /// <param name="content">What follows the name.</param>
    public readonly ref struct Section(
        byte id, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        public byte Id { get; } = id;

        public ReadOnlySpan<byte> Whole { get; } = whole;

        public ReadOnlySpan<byte> Body { get; } = body;

        /// <summary>True for the sections in which wasmCloud keeps a module's token: before and since version 0.9 of wascap.</summary>
        public bool HoldsToken { get; } = id == 0 && (name.SequenceEqual("jwt"u8) || name.SequenceEqual("wasmcloud_jwt"u8));

        public ReadOnlySpan<byte> Content { get; } = content;
    }

    public ref struct Enumerator(ReadOnlySpan<byte> wasm)
    {
        readonly ReadOnlySpan<byte> _wasm = wasm;
        int _at = HeaderSize;

        public Section Current { get; private set; }

        public bool MoveNext()
        {
            if (_at == _wasm.Length)
                return false;

            var start = _at;
            var id = _wasm[_at++];
            var length = Length(ref _at, _wasm.Length);
            var (body, end) = (_at, _at + length);
            var name = default(ReadOnlySpan<byte>);
            if (id == 0)
            {
                var nameLength = Length(ref _at, end);
                name = _wasm.Slice(_at, nameLength);
                _at += nameLength;
            }

            Current = new Section(id, _wasm[start..end], _wasm[body..end], name, _wasm[_at..end]);
            _at = end;
            return true;
        }

        // An unsigned LEB128 of at most 32 bits that stays before `end`, as must what it measures.
        readonly int Length(ref int at, int end)
        {
            var start = at;
            ulong value = 0;
            for (var shift = 0; shift < 35; shift += 7)
            {
                if (at == end)
                    throw Invalid(start, "a section is cut off");

                var part = _wasm[at++];
                value |= (ulong)(part & 0x7f) << shift;
                if ((part & 0x80) != 0)
                    continue;

                return value <= (ulong)(end - at)
                    ? (int)value
                    : throw Invalid(start, $"a section claims {value} bytes where {end - at} are left");
            }

            throw Invalid(start, "a section's length is longer than five bytes");
        }
    }
}
