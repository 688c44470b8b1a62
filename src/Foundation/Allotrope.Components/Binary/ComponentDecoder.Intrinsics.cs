using Allotrope.Wasm;

namespace Allotrope.Components;

/// <content>The functions that the Component Model itself offers to core code, and their signatures.</content>
sealed partial class ComponentDecoder
{
    static readonly WasmType I32 = ValueKind.I32;
    static readonly WasmType I64 = ValueKind.I64;

    static void ReadIntrinsic(Intrinsic intrinsic, ref BinaryCursor section, Scope scope, int at)
    {
        var options = CanonicalOptions.None;
        TypeDefinition? type = null;
        var slot = 0;
        var flag = false;
        FunctionType signature;
        switch (intrinsic)
        {
            case Intrinsic.ResourceNew or Intrinsic.ResourceRep:
                var defined = ReadResourceIndex(ref section, scope);
                if (!scope.Defined.Contains(defined.Identity))
                    throw new InvalidComponentException("the type is not a local resource: only the component that defines it may make and read it", at);
                WasmType representation = defined.Identity.Representation!.Value;
                type = defined;
                signature = intrinsic == Intrinsic.ResourceNew ? FunctionType.Of([representation], [I32]) : FunctionType.Of([I32], [representation]);
                break;
            case Intrinsic.ResourceDrop:
                type = ReadResourceIndex(ref section, scope);
                signature = FunctionType.Of([I32], []);
                break;
            case Intrinsic.TaskReturn:
                var result = ReadResult(ref section, scope);
                options = ReadOptions(ref section, scope, OptionUse.Result);
                var returned = new ComponentFunctionType(result is null ? [] : [new("result", result)], null, isAsync: false);
                Require(CanonicalSignature.LowerNeeds(returned, options), options, at);
                type = returned;
                signature = CanonicalSignature.Lower(returned, options);
                break;
            case Intrinsic.ContextGet or Intrinsic.ContextSet:
                var value = TypeReader.ReadValue(ref section, scope.CoreTypes);
                if (value != I32 && value != I64)
                    throw new InvalidComponentException("what a task keeps must be `i32` or `i64`", at);
                slot = section.Index();
                if (slot is < 0 or > 1)
                    throw new InvalidComponentException("a task keeps two values: immediate must be less than 2", at);
                signature = intrinsic == Intrinsic.ContextGet ? FunctionType.Of([], [value]) : FunctionType.Of([value], []);
                break;
            case >= Intrinsic.StreamNew and <= Intrinsic.FutureDropWritable:
                (type, options, flag, signature) = ReadChannelIntrinsic(intrinsic, ref section, scope, at);
                break;
            case Intrinsic.ErrorContextNew or Intrinsic.ErrorContextDebugMessage:
                options = ReadOptions(ref section, scope, OptionUse.Lower);
                var isNew = intrinsic == Intrinsic.ErrorContextNew;
                Require(isNew ? CanonicalNeeds.Memory : CanonicalNeeds.Memory | CanonicalNeeds.Realloc, options, at);
                var address = CanonicalSignature.Address(options);
                signature = isNew ? FunctionType.Of([address, address], [I32]) : FunctionType.Of([I32, address], []);
                break;
            case Intrinsic.WaitableSetWait or Intrinsic.WaitableSetPoll:
                flag = ReadFlag(ref section, "whether it can be cancelled");
                options = WithMemory(options, section.Index(), scope, at);
                signature = FunctionType.Of([I32, CanonicalSignature.Address(options)], [I32]);
                break;
            case Intrinsic.ThreadNewIndirect: (slot, signature) = ReadNewThread(ref section, scope, at); break;
            default:
                flag = TakesFlag(intrinsic) && ReadFlag(ref section, "an option of a function of the Component Model");
                signature = FixedSignature(intrinsic);
                break;
        }

        AddCoreFunction(scope, signature, new Definition.BuiltIn(intrinsic, signature, type, options, slot, flag), at);
    }

    static (ChannelType Type, CanonicalOptions Options, bool Flag, FunctionType Signature) ReadChannelIntrinsic(
        Intrinsic intrinsic, ref BinaryCursor section, Scope scope, int at)
    {
        var isFuture = intrinsic >= Intrinsic.FutureNew;
        var what = isFuture ? "future" : "stream";
        var index = Declared(section.Index(), scope.Types.Count, "type", at);
        if (scope.Types[index] is not ChannelType type || type.IsFuture != isFuture)
            throw new InvalidComponentException($"type index {index} is not a {what} type", at);
        var operation = isFuture ? intrinsic - Intrinsic.FutureNew : intrinsic - Intrinsic.StreamNew;
        switch (operation)
        {
            case 0: return (type, CanonicalOptions.None, false, FunctionType.Of([], [I64]));
            case 1 or 2:
                var options = ReadOptions(ref section, scope, OptionUse.Channel);
                if (type.Element is { } element)
                    Require(CanonicalNeeds.Memory | (operation == 1 ? CanonicalSignature.LowerNeeds(element) : CanonicalNeeds.None), options, at);
                var address = CanonicalSignature.Address(options);
                return (type, options, options.IsAsync, isFuture ? FunctionType.Of([I32, address], [I32]) : FunctionType.Of([I32, address, address], [address]));
            case 3 or 4:
                return (type, CanonicalOptions.None, ReadFlag(ref section, "whether it is asynchronous"), FunctionType.Of([I32], [I32]));
            default: return (type, CanonicalOptions.None, false, FunctionType.Of([I32], []));
        }
    }

    static (int Table, FunctionType Signature) ReadNewThread(ref BinaryCursor section, Scope scope, int at)
    {
        var index = Declared(section.Index(), scope.CoreTypes.Types.Count, "core type", at);
        var place = Declared(section.Index(), scope.CoreTables.Count, "table", at);
        var table = scope.CoreTables[place];
        if (scope.CoreTypes.Types[index] is not FunctionType { Parameters: [var closure], Results.IsEmpty: true } || (closure != I32 && closure != I64))
            throw new InvalidComponentException("start function must take a single `i32` or `i64` argument and give nothing", at);
        if (!table.Element.Matches(ValueKind.FuncRef))
            throw new InvalidComponentException("the table of a thread's function is not one of functions", at);
        return (place, FunctionType.Of([table.Limits.Address, closure], [I32]));
    }

    static bool TakesFlag(Intrinsic intrinsic) => intrinsic is Intrinsic.SubtaskCancel or Intrinsic.ThreadYield or Intrinsic.ThreadSuspend
        or Intrinsic.ThreadSuspendThenResume or Intrinsic.ThreadYieldThenResume or Intrinsic.ThreadSuspendThenPromote or Intrinsic.ThreadYieldThenPromote;

    static FunctionType FixedSignature(Intrinsic intrinsic) => intrinsic switch
    {
        Intrinsic.TaskCancel or Intrinsic.BackpressureIncrement or Intrinsic.BackpressureDecrement => FunctionType.None,
        Intrinsic.WaitableSetNew or Intrinsic.ThreadIndex or Intrinsic.ThreadSuspend or Intrinsic.ThreadYield => FunctionType.Of([], [I32]),
        Intrinsic.WaitableJoin => FunctionType.Of([I32, I32], []),
        Intrinsic.SubtaskDrop or Intrinsic.WaitableSetDrop or Intrinsic.ErrorContextDrop or Intrinsic.ThreadResumeLater => FunctionType.Of([I32], []),
        _ => FunctionType.Of([I32], [I32]),
    };
}
