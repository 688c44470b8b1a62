using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>Canonical definitions: functions between core code and components.</content>
sealed partial class ComponentDecoder
{
    static void ReadCanon(ref BinaryCursor section, Scope scope)
    {
        var at = section.Position;
        switch (section.Byte())
        {
            case 0x00: ReadLift(ref section, scope, at); break;
            case 0x01: ReadLower(ref section, scope, at); break;
            case var code when Enum.IsDefined((Intrinsic)code): ReadIntrinsic((Intrinsic)code, ref section, scope, at); break;
            case >= 0x40 and <= 0x42: throw new InvalidComponentException("threads of components are not supported", at);
            case var code: throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a canonical definition", at);
        }
    }

    static void CheckFunctionSort(ref BinaryCursor section)
    {
        var at = section.Position;
        if (section.Byte() is not 0 and var code)
            throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a canonical definition: that of a function was expected", at);
    }

    static void ReadLift(ref BinaryCursor section, Scope scope, int at)
    {
        CheckFunctionSort(ref section);
        var core = Declared(section.Index(), scope.CoreFunctions.Count, "core function", at);
        var options = ReadOptions(ref section, scope, OptionUse.Lift);
        var type = TypeAt<ComponentFunctionType>(ref section, scope, "function");
        var wanted = CanonicalSignature.Lift(type, options);
        RequireAsyncType(type, options, at);
        if (scope.CoreFunctions[core] != wanted)
            throw new InvalidComponentException($"lifted function has type {scope.CoreFunctions[core]}, but {wanted} was expected for {type}", at);
        if (options.PostReturn is { } postReturn && scope.CoreFunctions[postReturn] != FunctionType.Of(wanted.Results.AsSpan(), []))
            throw new InvalidComponentException($"canonical option `post-return` uses a core function with an incorrect signature: the parameters ({string.Join(", ", wanted.Results)}) and no results were expected", at);
        Require(CanonicalSignature.LiftNeeds(type, options), options, at);
        scope.Functions.Add(type);
        scope.Definitions.Add(new Definition.Lift(core, options, type));
    }

    static void ReadLower(ref BinaryCursor section, Scope scope, int at)
    {
        CheckFunctionSort(ref section);
        var function = Declared(section.Index(), scope.Functions.Count, "function", at);
        var options = ReadOptions(ref section, scope, OptionUse.Lower);
        var type = scope.Functions[function];
        RequireAsyncType(type, options, at);
        Require(CanonicalSignature.LowerNeeds(type, options), options, at);
        var core = CanonicalSignature.Lower(type, options);
        AddCoreFunction(scope, core, new Definition.Lower(function, options, type, core), at);
    }

    static void RequireAsyncType(ComponentFunctionType type, CanonicalOptions options, int at)
    {
        if (options.IsAsync && !type.IsAsync)
            throw new InvalidComponentException("the `async` option requires an async function type", at);
    }

    static void Require(CanonicalNeeds needs, CanonicalOptions options, int at)
    {
        if (needs.HasFlag(CanonicalNeeds.Memory) && options.Memory is null)
            throw new InvalidComponentException("canonical option `memory` is required", at);
        if (needs.HasFlag(CanonicalNeeds.Realloc) && options.Realloc is null)
            throw new InvalidComponentException("canonical option `realloc` is required", at);
    }

    static void AddCoreFunction(Scope scope, FunctionType type, Definition definition, int at)
    {
        scope.CoreFunctions.Add(type);
        CheckCount(scope, Sort.CoreFunction, at);
        scope.Definitions.Add(definition);
    }

    /// <summary>Where options stand, which says what they may be.</summary>
    enum OptionUse
    {
        Lift,
        Lower,
        Result,
        Channel,
    }

    static CanonicalOptions ReadOptions(ref BinaryCursor section, Scope scope, OptionUse use)
    {
        var options = CanonicalOptions.None;
        var given = 0;
        var start = section.Position;
        for (var left = section.Count(); left > 0; left--)
        {
            var at = section.Position;
            var code = section.Byte();
            // The three encodings are one option.
            var bit = 1 << (code <= 0x02 ? 0 : code);
            if (code <= 0x07 && (given & bit) != 0)
                throw new InvalidComponentException(code <= 0x02 ? "canonical encoding option conflicts with an earlier one" : $"canonical option 0x{code:x2} is specified more than once", at);
            given |= bit;
            options = code switch
            {
                0x00 => options,
                0x01 => options with { Encoding = StringEncoding.Utf16 },
                0x02 => options with { Encoding = StringEncoding.Latin1OrUtf16 },
                0x03 => WithMemory(options, section.Index(), scope, at),
                0x04 => options with { Realloc = Declared(section.Index(), scope.CoreFunctions.Count, "core function", at) },
                0x05 => options with { PostReturn = Declared(section.Index(), scope.CoreFunctions.Count, "core function", at) },
                0x06 => options with { IsAsync = true },
                0x07 => options with { Callback = Declared(section.Index(), scope.CoreFunctions.Count, "core function", at) },
                _ => throw new InvalidComponentException($"invalid leading byte 0x{code:x2} of a canonical option", at),
            };
        }

        CheckOptions(options, scope, use, start);
        return options;
    }

    static CanonicalOptions WithMemory(CanonicalOptions options, int index, Scope scope, int at)
    {
        var limits = scope.CoreMemories[Declared(index, scope.CoreMemories.Count, "memory", at)].Limits;
        if (limits.IsShared)
            throw new InvalidComponentException("canonical option `memory` cannot be a shared memory", at);
        return options with { Memory = index, IsWide = limits.Address == ValueKind.I64 };
    }

    static void CheckOptions(CanonicalOptions options, Scope scope, OptionUse use, int at)
    {
        if (options.Realloc is { } realloc)
        {
            if (options.Memory is null)
                throw new InvalidComponentException("canonical option `memory` is required: `realloc` cannot be without it", at);
            WasmType address = options.IsWide ? ValueKind.I64 : ValueKind.I32;
            if (scope.CoreFunctions[realloc] != FunctionType.Of([address, address, address, address], [address]))
                throw new InvalidComponentException("canonical option `realloc` uses a core function with an incorrect signature", at);
        }

        if (options.PostReturn is not null && use != OptionUse.Lift)
            throw new InvalidComponentException("canonical option `post-return` cannot be specified but for lifting", at);
        if (options.PostReturn is not null && options.IsAsync)
            throw new InvalidComponentException("cannot specify post-return function in async", at);
        if (options.Callback is { } callback)
        {
            if (use != OptionUse.Lift || !options.IsAsync)
                throw new InvalidComponentException("canonical option `callback` cannot be specified but for lifting with `async`", at);
            if (scope.CoreFunctions[callback] != FunctionType.Of([ValueKind.I32, ValueKind.I32, ValueKind.I32], [ValueKind.I32]))
                throw new InvalidComponentException("canonical option `callback` uses a core function with an incorrect signature", at);
        }

        if (use == OptionUse.Result && (options.Realloc is not null || options.IsAsync))
            throw new InvalidComponentException("only `memory` and the encoding of strings may be specified for what a task returns", at);
    }
}
