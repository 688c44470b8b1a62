using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// A handler of SIGSEGV in front of the runtime's own. The runtime makes a NullReferenceException of a fault in managed code whose address is near
/// zero; so for a fault in one of our reservations the handler says that the address was zero, and goes on to the runtime. All else it leaves as it
/// is. It is machine code that takes no lock and touches nothing but the signal's data and a table: it may interrupt anything.
/// </summary>
static unsafe partial class FaultHandler
{
    const int SigSegv = 11;
    const int ProtRead = 1;
    const int ProtReadWrite = 3;
    const int ProtReadExecute = 5;
    const int PageBytes = 4096;
    const nint FirstRealHandler = 2; // SIG_DFL and SIG_IGN are 0 and 1

    /// <summary>Addresses of user space have 47 bits. The kernel gives out higher ones only to who asks for them.</summary>
    const int Granules = 1 << (47 - GuardPages.GranuleBits);

    // A byte for each GiB of addresses: whether it is one of ours. Never freed: the handler stays.
    static readonly nint Ours = Map(Granules);

    /// <summary>
    /// From here on it is the process's handler, for good. False, and nothing has changed, when there is no memory for it or the runtime handles no
    /// faults.
    /// </summary>
    internal static bool TryInstall()
    {
        SignalAction action;
        if (Ours == 0 || sigaction(SigSegv, null, &action) != 0 || action.Handler < FirstRealHandler)
            return false;
        var code = Map(PageBytes);
        if (code == 0)
            return false;
        Assemble(action.Handler).CopyTo(new Span<byte>((void*)code, PageBytes));
        // The runtime's own flags and mask: it must find the stack and the signals as if nobody had been before it.
        action.Handler = code;
        return mprotect(code, PageBytes, ProtReadExecute) == 0 && sigaction(SigSegv, &action, null) == 0;
    }

    /// <summary>Faults in the range become exceptions until it is forgotten.</summary>
    internal static void Register(nint start, nuint size) => Mark(start, size, 1);

    /// <summary>To be called before anybody else can get the addresses.</summary>
    internal static void Forget(nint start, nuint size) => Mark(start, size, 0);

    static void Mark(nint start, nuint size, byte mark) =>
        new Span<byte>((byte*)Ours + (start >> GuardPages.GranuleBits), (int)(size >> GuardPages.GranuleBits)).Fill(mark);

    /// <summary>As the system calls it: the signal in edi, its siginfo_t in rsi, the context in rdx, all to be handed on.</summary>
    static byte[] Assemble(nint next)
    {
        byte[] code =
        [
            0xF3, 0x0F, 0x1E, 0xFA,                         //    endbr64
            0x83, 0x7E, 0x08, 0x02,                         //    cmp dword [rsi+8], SEGV_ACCERR: there are such addresses, but not to be touched
            0x75, 0x29,                                     //    jne next
            0x48, 0x8B, 0x4E, 0x10,                         //    mov rcx, [rsi+16]: the address
            0x48, 0xC1, 0xE9, GuardPages.GranuleBits,       //    shr rcx, 30
            0x48, 0x81, 0xF9, 0, 0, 0, 0,                   //    cmp rcx, Granules
            0x73, 0x18,                                     //    jae next
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0,             //    mov rax, Ours
            0x80, 0x3C, 0x08, 0x00,                         //    cmp byte [rax+rcx], 0
            0x74, 0x08,                                     //    je next
            0x48, 0xC7, 0x46, 0x10, 0, 0, 0, 0,             //    mov qword [rsi+16], 0
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0,             // next: mov rax, the runtime's handler
            0xFF, 0xE0,                                     //    jmp rax
        ];
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(21), Granules);
        BinaryPrimitives.WriteInt64LittleEndian(code.AsSpan(29), Ours);
        BinaryPrimitives.WriteInt64LittleEndian(code.AsSpan(53), next);
        return code;
    }

    static nint Map(nuint bytes)
    {
        const int privateAnonymous = 0x22;
        var start = mmap(0, bytes, ProtReadWrite, privateAnonymous, -1, 0);
        return start == -1 ? 0 : start;
    }

    /// <summary>glibc's struct sigaction on x64; musl's is the same.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct SignalAction
    {
        internal nint Handler;
        internal fixed byte Mask[128];
        internal int Flags;
        internal nint Restorer;
    }

    // sigaction(2)
    [LibraryImport("libc")]
    private static partial int sigaction(int signal, SignalAction* action, SignalAction* previous);

    // mmap(2), mprotect(2)
    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint length, int protection);
}
