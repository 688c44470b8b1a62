namespace Allotrope.Wasi.Preview1;

/// <summary>What may be done with a descriptor of preview 1.</summary>
[Flags]
enum Rights : ulong
{
    None = 0,
    FdDataSync = 1 << 0,
    FdRead = 1 << 1,
    FdSeek = 1 << 2,
    FdSetFlags = 1 << 3,
    FdSync = 1 << 4,
    FdTell = 1 << 5,
    FdWrite = 1 << 6,
    FdAdvise = 1 << 7,
    FdAllocate = 1 << 8,
    PathCreateDirectory = 1 << 9,
    PathCreateFile = 1 << 10,
    PathLinkSource = 1 << 11,
    PathLinkTarget = 1 << 12,
    PathOpen = 1 << 13,
    FdReadDirectory = 1 << 14,
    PathReadLink = 1 << 15,
    PathRenameSource = 1 << 16,
    PathRenameTarget = 1 << 17,
    PathStat = 1 << 18,
    PathSetSize = 1 << 19,
    PathSetTimes = 1 << 20,
    FdStat = 1 << 21,
    FdSetSize = 1 << 22,
    FdSetTimes = 1 << 23,
    PathSymlink = 1 << 24,
    PathRemoveDirectory = 1 << 25,
    PathUnlinkFile = 1 << 26,
    PollReadWrite = 1 << 27,
    SocketShutdown = 1 << 28,
    SocketAccept = 1 << 29,

    All = (1 << 30) - 1,

    /// <summary>Those that change something.</summary>
    Changing = FdWrite | FdAllocate | PathCreateDirectory | PathCreateFile | PathLinkSource | PathLinkTarget | PathRenameSource | PathRenameTarget | PathSetSize
        | PathSetTimes | FdSetSize | FdSetTimes | PathSymlink | PathRemoveDirectory | PathUnlinkFile,

    /// <summary>Those that mean something for a directory.</summary>
    Directory = FdSetFlags | FdSync | FdDataSync | FdAdvise | PathCreateDirectory | PathCreateFile | PathLinkSource | PathLinkTarget | PathOpen | FdReadDirectory | PathReadLink
        | PathRenameSource | PathRenameTarget | PathStat | PathSetSize | PathSetTimes | FdStat | FdSetTimes | PathSymlink | PathRemoveDirectory | PathUnlinkFile
        | PollReadWrite,

    /// <summary>Those that mean something for a file.</summary>
    File = FdDataSync | FdRead | FdSeek | FdSetFlags | FdSync | FdTell | FdWrite | FdAdvise | FdAllocate | FdStat | FdSetSize | FdSetTimes | PollReadWrite,

    /// <summary>Those of a standard stream; a terminal is told by having no place to seek to.</summary>
    Stream = FdRead | FdWrite | FdSetFlags | FdStat | PollReadWrite,
}
