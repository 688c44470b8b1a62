using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Bounds checks. The length never shrinks, so what a check has shown stays true: a nearer access by the same unchanged local needs none, and the first of
/// several is checked for all of them.
/// </content>
sealed partial class FunctionCompiler
{
    readonly CheckedAddresses _checked = new();

    AccessGroup Group => field ??= new AccessGroup(_image);

    /// <summary>Where the instruction after the one being emitted begins.</summary>
    int _next;

    readonly Dictionary<int, LocalBuilder> _bases = [];

    /// <summary>Puts the addresses of the memories that the function uses into locals.</summary>
    void EmitBases()
    {
        for (var memory = 0; memory < _image.Memories.Count; memory++)
        {
            if ((_facts.Memories >> memory & 1) == 0)
                continue;
            var start = _bases[memory] = _il.DeclareLocal(typeof(nint));
            _frame.LoadInstance();
            if (memory == 0)
            {
                _il.Emit(OpCodes.Ldfld, Members.InstanceMemoryBase);
            }
            else
            {
                _il.Emit(OpCodes.Ldfld, Members.InstanceMemories);
                _il.LoadInt32(memory);
                _il.Emit(OpCodes.Ldelem_Ref);
                _il.Emit(OpCodes.Call, Members.MemoryBase);
            }

            if (HeaderBytes > 0)
            {
                _il.LoadInt32(HeaderBytes);
                _il.Emit(OpCodes.Sub);
            }

            _il.Emit(OpCodes.Stloc, start);
        }
    }

    /// <summary>Pops the address and leaves the machine's on the IL stack, having branched away if the access is not wholly inside.</summary>
    void LoadEffectiveAddress(in Instruction instruction)
    {
        var (memory, offset) = (instruction.Index, (ulong)instruction.Bits);
        var limits = _image.Memories[memory].Limits;
        var width = 1UL << Signatures.AccessWidth(instruction.Opcode);
        var address = _operands.Top;
        // No memory reaches this far, so the access traps; and sums of smaller offsets and lengths do not overflow.
        var beyond = offset > Memory.MostBytes;
        var end = beyond ? ulong.MaxValue : offset + width;
        if (_isCompact && address.Place == Place.Local && !beyond && !limits.IsWide && !IsKnownInside(address, memory, end))
            CheckLocal(address, memory, AccessGroup.CanBeginWith(instruction.Opcode) ? FurthestEnd(address.Slot, memory, end) : end);
        _operands.LoadAddress();
        if (!IsKnownInside(address, memory, end))
        {
            if (address.Place == Place.Local && !beyond && AccessGroup.CanBeginWith(instruction.Opcode))
                end = FurthestEnd(address.Slot, memory, end);
            var wide = _frame.Scratch(typeof(nuint));
            _il.Emit(OpCodes.Stloc, wide);
            _operands.Spill();
            if (beyond)
                _il.Emit(OpCodes.Br, TrapLabel(TrapKind.MemoryOutOfBounds));
            else if (limits.IsWide)
                CheckWide(wide, memory, end);
            else
                CheckNarrow(wide, memory, end);
            if (address.Place == Place.Local)
                _checked.Note(address.Slot, memory, end);
            _il.Emit(OpCodes.Ldloc, wide);
        }

        _il.Emit(OpCodes.Ldloc, _bases[memory]);
        _il.Emit(OpCodes.Add);
        AddOffset(offset + (ulong)HeaderBytes);
    }

    /// <summary>As <see cref="LoadEffectiveAddress"/>, without a check where guard pages stop whatever is written.</summary>
    void LoadAddressToWrite(in Instruction instruction)
    {
        if (IsGuarded(instruction))
            LoadGuardedAddress(instruction);
        else
            LoadEffectiveAddress(instruction);
    }

    /// <summary>The sum of a 32-bit address and the offset, made in 64 bits, cannot wrap around.</summary>
    void CheckNarrow(LocalBuilder address, int memory, ulong end)
    {
        _il.Emit(OpCodes.Ldloc, address);
        CheckAddress(memory, end);
    }

    /// <summary>The same for one on the IL stack, in the native width.</summary>
    void CheckAddress(int memory, ulong end)
    {
        // Shared memories grow while others run: they look at one place only.
        if (end <= Memory.FurthestRoom && !_image.Memories[memory].Limits.IsShared)
        {
            LoadBeside(memory, Memory.RoomOffset((int)end));
            _il.Emit(OpCodes.Bgt, TrapLabel(TrapKind.MemoryOutOfBounds));
            return;
        }

        AddOffset(end);
        LoadMemoryLength(memory);
        _il.Emit(OpCodes.Bgt_Un, TrapLabel(TrapKind.MemoryOutOfBounds));
    }

    /// <summary>
    /// A 64-bit address may wrap around when something is added. So the end is taken from the length, which is at least the minimum; an end beyond
    /// that is added to an address that is known to be inside by then.
    /// </summary>
    void CheckWide(LocalBuilder address, int memory, ulong end)
    {
        if (end <= LeastBytes(memory))
        {
            _il.Emit(OpCodes.Ldloc, address);
            LoadMemoryLength(memory);
            _il.LoadNative((long)end);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Bgt_Un, TrapLabel(TrapKind.MemoryOutOfBounds));
            return;
        }

        _il.Emit(OpCodes.Ldloc, address);
        LoadMemoryLength(memory);
        _il.Emit(OpCodes.Bgt_Un, TrapLabel(TrapKind.MemoryOutOfBounds));
        CheckNarrow(address, memory, end);
    }

    /// <summary>Where the accesses that this check can do for end. To a 64-bit address nothing is added that may be beyond the memory's minimum.</summary>
    ulong FurthestEnd(int local, int memory, ulong end)
    {
        if (_map is not null)
            return end; // which of them traps shall be known
        var furthest = Group.EndOf(_next, _body.End, local, memory, end);
        return !_image.Memories[memory].Limits.IsWide || furthest <= LeastBytes(memory) ? furthest : end;
    }

    /// <summary>A branch goes to the label of a block, where only that is known which is known on all ways to it.</summary>
    void Aim(BlockEmission target)
    {
        target.IsTargeted = true;
        if (target.Kind != Opcode.Loop)
            target.Known = _checked.CommonWith(target.Known);
    }

    bool IsKnownInside(in Operand address, int memory, ulong end) => address.Place switch
    {
        Place.Local => _checked.Knows(address.Slot, memory, end),
        _ => end <= LeastBytes(memory) && address.Most <= LeastBytes(memory) - end,
    };

    /// <summary>Bytes that the memory has from its beginning on.</summary>
    ulong LeastBytes(int memory) => Math.Min(_image.Memories[memory].Limits.Minimum, uint.MaxValue) * Memory.PageBytes;

    void AddOffset(ulong offset)
    {
        if (offset == 0)
            return;
        if (offset <= int.MaxValue)
            _il.LoadInt32((int)offset); // IL adds it to an address as it is
        else
            _il.LoadNative((long)offset);
        _il.Emit(OpCodes.Add);
    }

    void LoadMemoryLength(int memory) => LoadBeside(memory, Memory.LengthOffset);

    /// <summary>What is kept so far from the memory's first byte.</summary>
    void LoadBeside(int memory, int offset)
    {
        _il.Emit(OpCodes.Ldloc, _bases[memory]);
        if (offset + HeaderBytes != 0)
        {
            _il.LoadInt32(offset + HeaderBytes);
            _il.Emit(OpCodes.Add);
        }

        _il.Emit(OpCodes.Ldind_I);
    }
}
