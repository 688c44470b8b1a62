using System.Security.Cryptography;

namespace Allotrope.Wasm;

/// <summary>
/// A validated module and its compiled code. It holds no state of any guest, can be instantiated any number of times from any thread, and gives
/// its code back when nothing refers to it or its instances any more.
/// </summary>
public sealed class Module
{
    readonly Lazy<MemoryImages?> _images;
    readonly Lazy<CompiledModule> _checkedCode;
    readonly Lazy<ModuleSteps> _checkedSteps;
    readonly CompiledModule? _code;
    int _instances;

    internal Module(ModuleImage image, CompiledModule? code, CompileOptions options)
    {
        Image = image;
        _code = code?.With(options);
        Options = options;
        Types = [.. image.Types];
        _images = new Lazy<MemoryImages?>(() => MemoryImages.TryCreate(image));
        var withChecks = options with { MemoryChecks = MemoryChecks.Explicit };
        _checkedSteps = new Lazy<ModuleSteps>(() => new ModuleSteps(image, Steps.Facts, withChecks));
        _checkedCode = new Lazy<CompiledModule>(() => ModuleCompiler.Compile(image, ModuleValidator.Validate(image), withChecks).With(withChecks));
    }

    /// <summary>What must be supplied to instantiate it, in the order of the binary.</summary>
    public IReadOnlyList<Import> Imports => Image.Imports;

    public IReadOnlyList<Export> Exports => Image.Exports;

    /// <summary>The module's own name, from its name section.</summary>
    public string? Name => Image.Names.Module;

    internal ModuleImage Image { get; }

    /// <summary>How it was compiled.</summary>
    internal CompileOptions Options { get; }

    /// <summary>The SHA-256 of its bytes.</summary>
    internal byte[] Digest => field ??= SHA256.HashData(Image.Bytes);

    /// <summary>Null when the module is or begins interpreted.</summary>
    internal CompiledModule Code => _code!;

    /// <summary>What the interpreter runs, when the module is or begins interpreted.</summary>
    internal ModuleSteps Steps { get => field ?? throw new InvalidOperationException("the module is compiled"); private init; }

    internal bool IsInterpreted => _code is null;

    /// <summary>
    /// The code for an instance with these memories: where one has no guard pages though the code relies on them, as the system had no room for them
    /// any more, code with checks, which is made then.
    /// </summary>
    internal CompiledModule CodeFor(Memory[] memories) =>
        NeedsChecks(memories) ? _checkedCode.Value : Code;

    /// <summary>The same for what the interpreter runs, and what that becomes.</summary>
    internal ModuleSteps StepsFor(Memory[] memories) => Steps.Hot is not null && NeedsChecks(memories) ? _checkedSteps.Value : Steps;

    bool NeedsChecks(Memory[] memories) =>
        Options.MemoryChecks == MemoryChecks.Guarded && memories.Any(memory => !memory.Limits.IsWide && !memory.IsGuarded);

    /// <summary>The types by index.</summary>
    internal DefinedType[] Types { get; }

    /// <summary>
    /// What its memories hold at first, to be mapped by the instance that is about to be made; null when that is copied. The first instance
    /// copies, as making the images takes longer than that.
    /// </summary>
    internal MemoryImages? ImagesForNext() => Interlocked.Increment(ref _instances) == 1 ? null : Images;

    /// <summary>What its memories hold at first, as far as that is known; null when it is too little or the system does not map it.</summary>
    internal MemoryImages? Images => _images.Value;

    /// <summary>Decodes, validates and compiles a module.</summary>
    /// <exception cref="InvalidModuleException">The bytes are no valid module, or need a feature this engine does not have.</exception>
    public static Module Compile(ReadOnlySpan<byte> binary, CompileOptions? options = null)
    {
        options ??= CompileOptions.Default;
        if (binary.Length > options.MaxModuleBytes)
        {
            throw new InvalidModuleException(
                $"the module has {binary.Length} bytes and {options.MaxModuleBytes} are allowed", options.MaxModuleBytes);
        }

        var image = ModuleDecoder.Decode(binary.ToArray());
        if (options.Tier == Tier.Interpreted)
            return new Module(image, null, options) { Steps = new ModuleSteps(image, ModuleValidator.Validate(image), options) };
        options = options with { MemoryChecks = GuardPages.Choose(options, image) };
        if (options.Tier == Tier.Tiered)
            return BeginInterpreted(image, options);
        var code = options.Cache is { } cache
            ? cache.Compile(image, options)
            : ModuleCompiler.Compile(image, ModuleValidator.Validate(image), options);
        return new Module(image, code, options);
    }

    static Module BeginInterpreted(ModuleImage image, CompileOptions options)
    {
        var facts = ModuleValidator.Validate(image);
        if (ModuleSteps.CanChangeOver(facts, options))
            return new Module(image, null, options) { Steps = new ModuleSteps(image, facts, options) };
        return new Module(image, options.Cache is { } cache ? cache.Compile(image, options, facts) : ModuleCompiler.Compile(image, facts, options), options);
    }

    /// <summary>
    /// Why functions remain interpreted that should have been compiled (<see cref="Tier.Tiered"/>); the first reason, or null. The module works all the same.
    /// </summary>
    public Exception? CompilationFailure => Hot.Select(hot => hot.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>How many functions are entered compiled by now.</summary>
    internal int CompiledFunctions => IsInterpreted ? Steps.Hot?.Compiled ?? 0 : Image.Bodies.Count;

    /// <summary>Ends when all functions are compiled that were called often enough so far (<see cref="Tier.Tiered"/>).</summary>
    public Task WhenSettledAsync() => Task.WhenAll(Hot.Select(hot => hot.Settled));

    /// <summary>The code that functions change over to, in each variant that an instance has.</summary>
    IEnumerable<HotCode> Hot
    {
        get
        {
            if (!IsInterpreted || Steps.Hot is not { } hot)
                return [];
            return _checkedSteps.IsValueCreated ? [hot, _checkedSteps.Value.Hot!] : [hot];
        }
    }

    /// <summary>
    /// Makes machine code of all functions now instead of each at its first call: for small modules whose first calls must be as fast as the
    /// later ones.
    /// Takes about a millisecond per KiB. What cannot be compiled of a module that begins interpreted remains so, and <see cref="CompilationFailure"/> says why.
    /// </summary>
    public void Prepare()
    {
        if (!IsInterpreted)
            Code.Prepare();
        foreach (var hot in Hot)
            hot.Prepare();
    }

    /// <summary>What a function's parameters and other variables were called in the source, by index, as far as the name section says it.</summary>
    public IReadOnlyDictionary<int, string> LocalNames(int functionIndex) =>
        NameSection.LocalsOf(CustomSection(NameSection.SectionName) is { } section ? section.Span : [], functionIndex);

    /// <summary>The bytes of the first custom section of that name, or null.</summary>
    public ReadOnlyMemory<byte>? CustomSection(string name)
    {
        foreach (var section in Image.CustomSections)
        {
            if (section.Name == name)
                return section.Bytes;
        }

        return null;
    }
}
