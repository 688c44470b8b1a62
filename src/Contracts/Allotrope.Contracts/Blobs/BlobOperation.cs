using System.Text.Json.Serialization;

namespace Allotrope.Contracts;

/// <summary>
/// One operation on objects in containers, named by any texts. An object is read and written piece by piece:
/// <code>
/// Open ─► reader ─► Read, Read, ... ─► Close          Begin ─► upload ─► Append, Append, ... ─► Commit, or Abandon
/// </code>
/// Readers and uploads of which nothing is heard for long are given up. What cannot be done is a fault.
/// </summary>
[JsonDerivedType(typeof(CreateContainer), "createContainer")]
[JsonDerivedType(typeof(DeleteContainer), "deleteContainer")]
[JsonDerivedType(typeof(FindContainer), "findContainer")]
[JsonDerivedType(typeof(Clear), "clear")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Find), "find")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(Copy), "copy")]
[JsonDerivedType(typeof(Move), "move")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Read), "read")]
[JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Begin), "begin")]
[JsonDerivedType(typeof(Append), "append")]
[JsonDerivedType(typeof(Commit), "commit")]
[JsonDerivedType(typeof(Abandon), "abandon")]
public abstract record BlobOperation
{
    public sealed record CreateContainer(string Container) : BlobOperation;

    /// <summary>With all objects in it.</summary>
    public sealed record DeleteContainer(string Container) : BlobOperation;

    /// <summary>Answered by <see cref="BlobReply.CreatedAt"/>, absent when there is none.</summary>
    public sealed record FindContainer(string Container) : BlobOperation;

    /// <summary>Deletes all objects at once.</summary>
    public sealed record Clear(string Container) : BlobOperation;

    /// <summary>Answered by <see cref="BlobReply.Names"/> in ordinal order, <see cref="BlobCall.MostNames"/> at a time.</summary>
    /// <param name="After">What <see cref="BlobReply.Next"/> of the page before said; <see langword="null"/> to begin.</param>
    public sealed record List(string Container, string? After) : BlobOperation;

    /// <summary>Answered by <see cref="BlobReply.CreatedAt"/>, absent when there is none, and <see cref="BlobReply.Size"/>.</summary>
    public sealed record Find(string Container, string Name) : BlobOperation;

    /// <summary>All at once; what is not there is passed over.</summary>
    public sealed record Delete(string Container, IReadOnlyList<string> Names) : BlobOperation;

    /// <summary>In place of what has the name.</summary>
    public sealed record Copy(string Container, string Name, string ToContainer, string ToName) : BlobOperation;

    /// <summary>As <see cref="Copy"/>; the old name goes at the same moment.</summary>
    public sealed record Move(string Container, string Name, string ToContainer, string ToName) : BlobOperation;

    /// <summary>
    /// Answered by <see cref="BlobReply.Id"/> of a reader of the object as it is now, which it stays for that reader, and <see cref="BlobReply.Size"/>.
    /// </summary>
    public sealed record Open(string Container, string Name) : BlobOperation;

    /// <summary>Answered by <see cref="BlobReply.Bytes"/>: fewer than asked for at the end only.</summary>
    /// <param name="Length">At most <see cref="BlobCall.MostBytes"/>.</param>
    public sealed record Read(string Reader, long Offset, int Length) : BlobOperation;

    /// <summary>Nothing happens when there is no such reader.</summary>
    public sealed record Close(string Reader) : BlobOperation;

    /// <summary>Answered by <see cref="BlobReply.Id"/> of an upload. It is nobody's to see until it is committed.</summary>
    public sealed record Begin : BlobOperation;

    /// <param name="Offset">How many bytes were appended before.</param>
    /// <param name="Bytes">At most <see cref="BlobCall.MostBytes"/>; not to be written to.</param>
    public sealed record Append(string Upload, long Offset, ReadOnlyMemory<byte> Bytes) : BlobOperation;

    /// <summary>Makes what was appended an object, in place of what has the name. It is on disk when it is answered.</summary>
    /// <param name="Size">Bytes appended.</param>
    public sealed record Commit(string Upload, long Size, string Container, string Name) : BlobOperation;

    /// <summary>Nothing happens when there is no such upload.</summary>
    public sealed record Abandon(string Upload) : BlobOperation;
}
