using Allotrope.Wasi.Filesystem;

namespace Allotrope.Wasi.Preview1;

/// <summary>The descriptors of preview 1 by their numbers: 0 to 2 the standard streams, from 3 on the directories that were granted.</summary>
sealed class GuestFiles
{
    readonly List<GuestFile?> _files = [];
    readonly int _most;

    public GuestFiles(WasiState state)
    {
        _most = state.Limits.Descriptors + state.Preopens.Count + 3;
        _files.Add(new() { Input = state.Stdin, IsTerminal = state.Terminals.HasFlag(StandardStreams.Input), Rights = Rights.Stream & ~Rights.FdWrite });
        _files.Add(new() { Output = state.Stdout, IsTerminal = state.Terminals.HasFlag(StandardStreams.Output), Rights = Rights.Stream & ~Rights.FdRead });
        _files.Add(new() { Output = state.Stderr, IsTerminal = state.Terminals.HasFlag(StandardStreams.Error), Rights = Rights.Stream & ~Rights.FdRead });
        foreach (var preopen in state.Preopens)
        {
            var rights = preopen.IsReadOnly ? Rights.All & ~Rights.Changing : Rights.All;
            _files.Add(new() { Descriptor = state.Files.Preopen(preopen), PreopenName = preopen.GuestPath, Rights = Rights.Directory & rights, Inheriting = rights });
        }
    }

    /// <summary>The file of a number.</summary>
    /// <exception cref="Refusal">There is none, or it may not be used so.</exception>
    public GuestFile this[int number] => (uint)number < (uint)_files.Count && _files[number] is { } file ? file : throw new Refusal(ErrorNumber.BadFile);

    public GuestFile With(int number, Rights rights)
    {
        var file = this[number];
        return (file.Rights & rights) == rights ? file : throw new Refusal(ErrorNumber.NotCapable);
    }

    /// <summary>A directory, for a path in it.</summary>
    public Descriptor Folder(int number, Rights rights)
    {
        var file = this[number];
        if (file.Descriptor is not { } folder)
            throw new Refusal(ErrorCode.NotDirectory.Number);
        if (!file.IsDirectory)
            throw new Refusal(ErrorCode.NotDirectory.Number);
        return (file.Rights & rights) == rights ? folder : throw new Refusal(ErrorNumber.NotCapable);
    }

    /// <summary>A file with contents and places.</summary>
    public Descriptor Seekable(int number, Rights rights)
    {
        var file = this[number];
        if (file.Descriptor is not { } contents)
            throw new Refusal(ErrorNumber.IllegalSeek);
        if (file.IsDirectory)
            throw new Refusal(ErrorNumber.BadFile);
        return (file.Rights & rights) == rights ? contents : throw new Refusal(ErrorNumber.NotCapable);
    }

    /// <summary>Takes the smallest number that is free.</summary>
    public int Add(GuestFile file)
    {
        var free = _files.IndexOf(null);
        if (free < 0 && _files.Count >= _most)
        {
            file.Dispose();
            throw new Refusal(ErrorNumber.TooManyFiles);
        }

        if (free < 0)
            _files.Add(file);
        else
            _files[free] = file;
        return free < 0 ? _files.Count - 1 : free;
    }

    public void Close(int number)
    {
        this[number].Dispose();
        _files[number] = null;
    }

    /// <summary>Gives a file the number of another, which is closed.</summary>
    public void Renumber(int from, int to)
    {
        var (file, replaced) = (this[from], this[to]);
        if (from == to)
            return;
        replaced.Dispose();
        (_files[to], _files[from]) = (file, null);
    }
}
