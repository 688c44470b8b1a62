using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Allotrope.Wasm;

/// <summary>Calls a function outside of the interpreter: arguments are taken from a slot and a reference on, and results put there.</summary>
unsafe delegate void InterpretedCaller(Function callee, long* slots, InterpreterStack stack, int firstReference);

/// <summary>Calls the code that goes on with a function at one of its loops; its results are put at the frame's beginning.</summary>
unsafe delegate void LoopCaller(nint code, long* frame, InterpreterStack stack, int firstReference, Instance instance);

/// <summary>Small methods, one for each signature, between machine code with its calling convention and the interpreter's frames.</summary>
static unsafe class CallStubs
{
    static readonly ConditionalWeakTable<FunctionType, Type> Entries = [];

    /// <summary>From the interpreter to machine code.</summary>
    internal static InterpretedCaller CreateCaller(FunctionType type)
    {
        Type[] parameters = [typeof(Function), typeof(long*), typeof(InterpreterStack), typeof(int)];
        var method = new DynamicMethod("Call", typeof(void), parameters, typeof(Function).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var place = new Places(il, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3);
        foreach (var parameter in type.Parameters)
            place.Load(parameter.Kind);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.FunctionTarget);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.FunctionCode);
        il.CallThroughPointer(type);
        new Places(il, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3).StoreResults(type);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<InterpretedCaller>();
    }

    /// <summary>To machine code that goes on with a function at one of its loops, in the frame that it has.</summary>
    internal static LoopCaller CreateLoopCaller(FunctionType type)
    {
        Type[] parameters = [typeof(nint), typeof(long*), typeof(InterpreterStack), typeof(int), typeof(Instance)];
        var method = new DynamicMethod("CallLoop", typeof(void), parameters, typeof(Function).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        for (var i = 1; i < parameters.Length; i++)
            il.LoadArgument(i);
        il.Emit(OpCodes.Ldarg_0);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, type.ClrResult, FunctionCompiler.LoopEntryParameters, null);
        new Places(il, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3).StoreResults(type);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<LoopCaller>();
    }

    /// <summary>From machine code to the interpreter: what <see cref="Function.Code"/> is for an interpreted function.</summary>
    internal static nint CodeFor(FunctionType type, InterpretedFunction target)
    {
        target.Stub = Entries.GetValue(type, static type => CreateEntry(type));
        return target.Stub.GetMethod("Enter")!.MethodHandle.GetFunctionPointer();
    }

    static Type CreateEntry(FunctionType type)
    {
        var stub = CodeAssembly.DefineClass("InterpretedFunctions");
        Type[] parameters = [.. type.Parameters.Select(kind => kind.ClrType), typeof(object)];
        var il = stub.DefineMethod("Enter", MethodAttributes.Public | MethodAttributes.Static, type.ClrResult, parameters).GetILGenerator();
        var (slots, references) = StepWriter.Extent(type.Parameters.AsSpan());
        var (resultSlots, resultReferences) = StepWriter.Extent(type.Results.AsSpan());
        var stack = il.DeclareLocal(typeof(InterpreterStack));
        var slot = il.DeclareLocal(typeof(long*));
        var reference = il.DeclareLocal(typeof(int));
        il.LoadArgument(type.Parameters.Length);
        il.LoadInt32((int)Math.Max(slots, resultSlots));
        il.LoadInt32((int)Math.Max(references, resultReferences));
        il.Emit(OpCodes.Ldloca, slot);
        il.Emit(OpCodes.Ldloca, reference);
        il.Emit(OpCodes.Call, Members.Method(typeof(CallStubs), nameof(Begin)));
        il.Emit(OpCodes.Stloc, stack);
        var arguments = new Places(il, OpCodes.Ldloc_1, OpCodes.Ldloc_0, OpCodes.Ldloc_2);
        for (var i = 0; i < type.Parameters.Length; i++)
        {
            var position = i;
            arguments.Store(type.Parameters[i].Kind, () => il.LoadArgument(position));
        }

        il.Emit(OpCodes.Ldloc, stack);
        il.LoadArgument(type.Parameters.Length);
        il.Emit(OpCodes.Call, Members.Method(typeof(CallStubs), nameof(Run)));
        var results = new Places(il, OpCodes.Ldloc_1, OpCodes.Ldloc_0, OpCodes.Ldloc_2);
        foreach (var result in type.Results)
            results.Load(result.Kind);
        TupleEmitter.Pack(il, type.Results.AsSpan());
        il.Emit(OpCodes.Ret);
        return stub.CreateType();
    }

    /// <summary>Finds where arguments go, and later results are.</summary>
    internal static InterpreterStack Begin(object target, int slots, int references, out long* slot, out int reference)
    {
        var stack = Unsafe.As<InterpretedFunction>(target).Instance.Guard.Interpreter;
        slot = stack.Ask((uint)slots, references);
        reference = stack.FreeReference;
        return stack;
    }

    internal static void Run(InterpreterStack stack, object target) => Interpreter.Run(stack, Unsafe.As<InterpretedFunction>(target));

    internal static void PutReference(object? value, InterpreterStack stack, int reference) => stack.References[reference] = value;

    internal static object? TakeReference(InterpreterStack stack, int reference) => stack.References[reference];

    /// <summary>Emits loads and stores of values one behind the other.</summary>
    internal sealed class Places(ILGenerator il, OpCode loadSlots, OpCode loadStack, OpCode loadReference)
    {
        int _bytes;
        int _references;

        /// <summary>References so far.</summary>
        internal int References => _references;

        internal void Load(ValueKind kind)
        {
            if (kind.IsReference)
            {
                il.Emit(loadStack);
                LoadReferenceIndex();
                il.Emit(OpCodes.Call, Members.Method(typeof(CallStubs), nameof(TakeReference)));
                return;
            }

            LoadAddress(kind);
            switch (kind)
            {
                case ValueKind.I32: il.Emit(OpCodes.Ldind_I4); break;
                case ValueKind.I64: il.Emit(OpCodes.Ldind_I8); break;
                case ValueKind.F32: il.Emit(OpCodes.Ldind_R4); break;
                case ValueKind.F64: il.Emit(OpCodes.Ldind_R8); break;
                default:
                    il.Emit(OpCodes.Unaligned, (byte)1);
                    il.Emit(OpCodes.Ldobj, kind.ClrType);
                    break;
            }
        }

        /// <summary>Goes on behind a value that is not needed.</summary>
        internal void Skip(ValueKind kind)
        {
            if (kind.IsReference)
                _references++;
            else
                _bytes += kind.SlotBytes;
        }

        internal void Store(ValueKind kind, Action load)
        {
            if (kind.IsReference)
            {
                load();
                il.Emit(loadStack);
                LoadReferenceIndex();
                il.Emit(OpCodes.Call, Members.Method(typeof(CallStubs), nameof(PutReference)));
                return;
            }

            LoadAddress(kind);
            load();
            switch (kind)
            {
                case ValueKind.I32: il.Emit(OpCodes.Stind_I4); break;
                case ValueKind.I64: il.Emit(OpCodes.Stind_I8); break;
                case ValueKind.F32: il.Emit(OpCodes.Stind_R4); break;
                case ValueKind.F64: il.Emit(OpCodes.Stind_R8); break;
                default:
                    il.Emit(OpCodes.Unaligned, (byte)1);
                    il.Emit(OpCodes.Stobj, kind.ClrType);
                    break;
            }
        }

        /// <summary>Stores what a call left on the IL stack.</summary>
        internal void StoreResults(FunctionType type)
        {
            if (type.Results.Length == 0)
                return;
            var results = il.DeclareLocal(type.ClrResult);
            il.Emit(OpCodes.Stloc, results);
            if (type.Results.Length == 1)
            {
                Store(type.Results[0].Kind, () => il.Emit(OpCodes.Ldloc, results));
                return;
            }

            TupleEmitter.Unpack(il, results, type.Results.Length, i =>
            {
                var result = il.DeclareLocal(type.Results[i].ClrType);
                il.Emit(OpCodes.Stloc, result);
                Store(type.Results[i].Kind, () => il.Emit(OpCodes.Ldloc, result));
            });
        }

        void LoadAddress(ValueKind kind)
        {
            il.Emit(loadSlots);
            il.LoadNative(_bytes);
            il.Emit(OpCodes.Add);
            _bytes += kind.SlotBytes;
        }

        void LoadReferenceIndex()
        {
            il.Emit(loadReference);
            il.LoadInt32(_references++);
            il.Emit(OpCodes.Add);
        }
    }
}
