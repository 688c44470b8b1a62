using Allotrope.Wasi.Filesystem;
using Allotrope.Wasi.Io;

namespace Allotrope.Wasi.Preview1;

/// <summary>What a number of preview 1 stands for: a file, a directory or a standard stream, with its rights and place.</summary>
sealed class GuestFile : IDisposable
{
    /// <summary>Flags of a descriptor.</summary>
    public const int Append = 1, DataSync = 2, NonBlocking = 4, ReadSync = 8, Sync = 16;

    /// <summary>A file or directory; null for a standard stream.</summary>
    public Descriptor? Descriptor { get; init; }

    public InputStream? Input { get; init; }

    public OutputStream? Output { get; init; }

    /// <summary>It is a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The name of a directory that was granted.</summary>
    public string? PreopenName { get; init; }

    public Rights Rights { get; set; }

    /// <summary>What may be asked for when something is opened in it.</summary>
    public Rights Inheriting { get; set; }

    public int Flags { get; set; }

    /// <summary>Where the next read or write is.</summary>
    public long Position { get; set; }

    /// <summary>Where <c>fd_readdir</c> is.</summary>
    public DirectoryEntries? Entries { get; set; }

    /// <summary>The cookie of the entry before.</summary>
    public long EntriesAt { get; set; }

    public bool IsDirectory => Descriptor is { Type: DescriptorType.Directory };

    /// <summary>Preview 1's <c>filetype</c>.</summary>
    public byte Type => Descriptor is { } file ? TypeOf(file.Type) : IsTerminal ? (byte)2 : (byte)0;

    public static byte TypeOf(DescriptorType type) => type switch
    {
        DescriptorType.BlockDevice => 1,
        DescriptorType.CharacterDevice => 2,
        DescriptorType.Directory => 3,
        DescriptorType.RegularFile => 4,
        DescriptorType.Socket => 6,
        DescriptorType.SymbolicLink => 7,
        _ => 0,
    };

    public void Dispose()
    {
        Entries?.Dispose();
        Descriptor?.Dispose();
    }
}
