using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection.Metadata;

namespace Allotrope.Wasm;

/// <summary>
/// Keeps compiled code in a folder, so that the next process need not validate and compile a module again. An entry counts only for the same bytes but those of
/// the data section, build of this engine and of .NET, options and processor; one that is damaged, or that somebody else could have written, is removed and made anew. Any number of
/// threads and processes may use one folder. Entries are code that this process will run: on Linux the folder and the files must be the user's and closed to
/// all others, and are made so. On other systems nothing is kept.
/// </summary>
/// <param name="directory">The folder; made when the first entry is written.</param>
/// <param name="options">Bounds, and whom to tell of problems.</param>
public sealed class CodeCache(string directory, CodeCacheOptions? options = null)
{
    /// <summary>Bytes of a file that are read; the largest modules allowed become a few times their size.</summary>
    const long MostFileBytes = 1L << 30;

    /// <summary>Entries of modules that are gone are looked for once in so many.</summary>
    const int SweepPeriod = 64;

    readonly CodeCacheOptions _options = options ?? new CodeCacheOptions();
    readonly CodeFolder _folder = new(
        directory, options?.MaxBytes ?? new CodeCacheOptions().MaxBytes, options?.Time ?? TimeProvider.System);

    // What is in use already: machine code of an engine that runs many programs is made once.
    readonly ConcurrentDictionary<string, WeakReference<CompiledModule>> _inUse = new();

    long _hits;
    long _misses;
    long _refusals;

    /// <summary>Where the entries are.</summary>
    public string Directory { get; } = directory;

    /// <summary>How many modules were loaded instead of compiled.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>How many modules were compiled, as there was no entry or none that counts.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>How many entries were refused.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>
    /// The module's code: that of another module in use that differs in its data alone, from the folder, or compiled. What is in the folder was valid when it was written, and the key has the bytes in it but for the data:
    /// nothing else is validated again.
    /// </summary>
    /// <param name="image">The module.</param>
    /// <param name="options">How to compile it.</param>
    /// <param name="facts">What the validator said, when it was asked already.</param>
    /// <exception cref="InvalidModuleException">The module is not valid.</exception>
    internal CompiledModule Compile(ModuleImage image, CompileOptions options, FunctionFacts[]? facts = null)
    {
        if (!OperatingSystem.IsLinux() || !CodeImage.CanHold(image))
            return ModuleCompiler.Compile(image, facts ?? ModuleValidator.Validate(image), options);
        var key = CodeKey.Of(image, options);
        var name = Convert.ToHexStringLower(key);
        if (TryShare(image, name) is { } shared)
            return shared;
        if (TryLoad(image, key, name) is { } known)
        {
            Interlocked.Increment(ref _hits);
            ModuleValidator.ValidateData(image);
            return Share(name, known);
        }

        facts ??= ModuleValidator.Validate(image);
        Interlocked.Increment(ref _misses);
        if (TryWrite(image, facts, options) is not { } code)
            return ModuleCompiler.Compile(image, facts, options);
        Keep(name, CodeEntry.Write(key, code, _options.Secret.Span));
        return Share(name, LoadedCode.Load(code, image));
    }

    CompiledModule? TryShare(ModuleImage image, string name)
    {
        if (!_inUse.TryGetValue(name, out var weak) || !weak.TryGetTarget(out var code) || !code.Fits(image))
            return null;
        Interlocked.Increment(ref _hits);
        ModuleValidator.ValidateData(image);
        return code;
    }

    CompiledModule Share(string name, CompiledModule code)
    {
        _inUse[name] = new(code);
        if (_inUse.Count % SweepPeriod == 0)
            foreach (var (gone, weak) in _inUse)
                if (!weak.TryGetTarget(out _))
                    _inUse.TryRemove(new(gone, weak));
        return code;
    }

    /// <summary>Null where an assembly cannot be written though it can be run: what .NET writes has limits of its own, which are nowhere listed.</summary>
    CodeImage? TryWrite(ModuleImage image, FunctionFacts[] facts, CompileOptions options)
    {
        try
        {
            return ModuleCompiler.Write(image, facts, options);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException or ImageFormatLimitationException)
        {
            _options.OnProblem?.Invoke($"A module's code cannot be kept in {Directory}: {e.Message}.");
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "whatever is in the folder is refused, never a module")]
    CompiledModule? TryLoad(ModuleImage image, byte[] key, string name)
    {
        try
        {
            return _folder.Read(name, MostFileBytes) is { } bytes
                ? LoadedCode.Load(CodeEntry.Read(bytes, key, _options.Secret.Span), image)
                : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Interlocked.Increment(ref _refusals);
            _options.OnProblem?.Invoke($"Compiled code in {Directory} is not used and made again: {e.Message}.");
            return null;
        }
    }

    void Keep(string name, byte[] entry)
    {
        try
        {
            _folder.Write(name, entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.OnProblem?.Invoke($"Compiled code is not kept in {Directory}: {e.Message}.");
        }
    }
}
