using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Filesystem;

/// <summary>What is in a file.</summary>
sealed partial class Descriptor
{
    public Result<(ReadOnlyMemory<byte>, bool), ErrorCode> Read(ulong length, ulong offset)
    {
        if (Refusal(DescriptorFlags.Read, offset) is { } refusal)
            return refusal;
        var buffer = new byte[Math.Min(length, InputStream.Chunk)];
        return _open.Read(buffer, (long)offset).Map(count => ((ReadOnlyMemory<byte>)buffer.AsMemory(0, count), count == 0 && length > 0));
    }

    /// <summary>Reads to where the bytes are wanted; 0 at the end. Of preview 1.</summary>
    public Result<int, ErrorCode> ReadInto(Span<byte> bytes, ulong offset) =>
        Refusal(DescriptorFlags.Read, offset) is { } refusal ? refusal : _open.Read(bytes, (long)offset);

    /// <summary>Writes at the end. Of preview 1.</summary>
    public Result<ulong, ErrorCode> Append(ReadOnlyMemory<byte> bytes) =>
        Refusal(DescriptorFlags.Write, 0) is { } refusal ? refusal : _open.Append(bytes.Span).Map(count => (ulong)count);

    public Result<ulong, ErrorCode> Write(ReadOnlyMemory<byte> buffer, ulong offset) => Refusal(DescriptorFlags.Write, offset) is { } refusal
        ? refusal
        : _open.Write(buffer.Span, (long)offset).Map(count => (ulong)count);

    public Result<IInputStream, ErrorCode> ReadViaStream(ulong offset)
    {
        if (Refusal(DescriptorFlags.Read, offset) is { } refusal)
            return Result<IInputStream, ErrorCode>.Fail(refusal);
        return _table.Duplicate(_open).Map(file => (IInputStream)new FileInput(_table, file, (long)offset) { Stop = _table.Stop });
    }

    public Result<IOutputStream, ErrorCode> WriteViaStream(ulong offset) => Output(offset, (long)Math.Min(offset, long.MaxValue));

    public Result<IOutputStream, ErrorCode> AppendViaStream() => Output(0, null);

    public Result<Unit, ErrorCode> SetSize(ulong size) =>
        Refusal(DescriptorFlags.Write, size) is { } refusal ? refusal : _open.SetSize((long)size);

    public Result<Unit, ErrorCode> Advise(ulong offset, ulong length, Advice advice)
    {
        if (Type == DescriptorType.Directory)
            return ErrorCode.BadDescriptor;
        if (offset > long.MaxValue || length > long.MaxValue || !Enum.IsDefined(advice))
            return ErrorCode.Invalid;
        // posix_fadvise counts sequential as 2 and random as 1
        var number = advice switch
        {
            Advice.Sequential => 2,
            Advice.Random => 1,
            _ => (int)advice,
        };
        return LibC.Advise(File, (long)offset, (long)length, number) switch
        {
            0 or Errno.IllegalSeek => default(Unit), // advice about a pipe is no mistake, only of no use
            var error => Errno.ToErrorCode(error),
        };
    }

    /// <summary>Room on the disk for part of a file; makes it longer where the part ends beyond it. Of preview 1.</summary>
    public Result<Unit, ErrorCode> Allocate(ulong offset, ulong length)
    {
        if (Refusal(DescriptorFlags.Write, offset) is { } refusal)
            return refusal;
        if (length == 0 || length > (ulong)long.MaxValue - offset)
            return ErrorCode.Invalid;
        return _open.Allocate((long)offset, (long)length);
    }

    Result<IOutputStream, ErrorCode> Output(ulong checkedOffset, long? offset)
    {
        if (Refusal(DescriptorFlags.Write, checkedOffset) is { } refusal)
            return Result<IOutputStream, ErrorCode>.Fail(refusal);
        return _table.Duplicate(_open).Map(file => (IOutputStream)new FileOutput(_table, file, offset) { Stop = _table.Stop });
    }

    ErrorCode? Refusal(DescriptorFlags needed, ulong offset) =>
        Type == DescriptorType.Directory || (_flags & needed) == DescriptorFlags.None ? ErrorCode.BadDescriptor
        : offset > long.MaxValue ? ErrorCode.Invalid
        : null;
}
