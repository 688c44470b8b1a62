using System.Collections.Concurrent;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>The fields and methods that generated code uses.</summary>
static class Members
{
    static readonly ConcurrentDictionary<(Type Type, string Name, Type Argument), MethodInfo> Generics = [];

    const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    internal static readonly FieldInfo InstanceGuard = Field<Instance>(nameof(Instance.Guard));
    internal static readonly FieldInfo InstanceSampler = Field<Instance>(nameof(Instance.Sampler));
    internal static readonly FieldInfo SamplerAsked = Field<Sampler>(nameof(Sampler.Asked));
    internal static readonly FieldInfo InstanceMemoryBase = Field<Instance>(nameof(Instance.MemoryBase));
    internal static readonly FieldInfo InstanceMemories = Field<Instance>(nameof(Instance.Memories));
    internal static readonly FieldInfo InstanceCells = Field<Instance>(nameof(Instance.Cells));
    internal static readonly FieldInfo InstanceGlobals = Field<Instance>(nameof(Instance.Globals));
    internal static readonly FieldInfo InstanceTables = Field<Instance>(nameof(Instance.Tables));
    internal static readonly FieldInfo InstanceFirstTable = Field<Instance>(nameof(Instance.FirstTable));
    internal static readonly FieldInfo InstanceFunctions = Field<Instance>(nameof(Instance.Functions));
    internal static readonly FieldInfo TableElements = Field<Table>(nameof(Table.Elements));
    internal static readonly FieldInfo GlobalBits = Field<Global>(nameof(Global.Bits));
    internal static readonly FieldInfo GlobalVector = Field<Global>(nameof(Global.Vector));
    internal static readonly FieldInfo GlobalReference = Field<Global>(nameof(Global.Reference));
    internal static readonly FieldInfo FunctionTypeId = Field<Function>(nameof(Function.TypeId));
    internal static readonly FieldInfo FunctionCode = Field<Function>(nameof(Function.Code));
    internal static readonly FieldInfo FunctionTarget = Field<Function>(nameof(Function.Target));
    internal static readonly FieldInfo FunctionGuard = Field<Function>(nameof(Function.Guard));
    internal static readonly FieldInfo InstanceTypes = Field<Instance>(nameof(Instance.Types));
    internal static readonly FieldInfo ArrayItems = Field<GuestArray>(nameof(GuestArray.Items));
    internal static readonly FieldInfo GuardHeap = Field<Guard>(nameof(Guard.Heap));
    internal static readonly FieldInfo GuardStackLimit = Field<Guard>(nameof(Guard.StackLimit));
    internal static readonly FieldInfo GuardInterrupted = Field<Guard>(nameof(Guard.Interrupted));
    internal static readonly FieldInfo GuardFuel = Field<Guard>(nameof(Guard.Fuel));
    internal static readonly FieldInfo GuardFuelFloor = Field<Guard>(nameof(Guard.FuelFloor));
    internal static readonly FieldInfo GuardAsked = Field<Guard>(nameof(Guard.Asked));
    internal static readonly FieldInfo GuardStackLeft = Field<Guard>(nameof(Guard.StackLeft));
    internal static readonly FieldInfo GuardHoldFloor = Field<Guard>(nameof(Guard.HoldFloor));
    internal static readonly FieldInfo BindingBody = Field<HostBinding>(nameof(HostBinding.Body));
    internal static readonly FieldInfo BindingCaller = Field<HostBinding>(nameof(HostBinding.Caller));

    internal static readonly MethodInfo MemoryBase = typeof(Memory).GetProperty(nameof(Memory.Base), Any)!.GetMethod!;
    internal static readonly MethodInfo BindingCheckResult = Method(typeof(HostBinding), nameof(HostBinding.CheckResult));
    internal static readonly MethodInfo GuardStop = Method(typeof(Guard), nameof(Guard.Stop));
    internal static readonly MethodInfo GuardLuggage = Method(typeof(Guard), nameof(Guard.Luggage));
    internal static readonly MethodInfo GuardPoll = Method(typeof(Guard), nameof(Guard.Poll));
    internal static readonly MethodInfo GuardPollMetered = Method(typeof(Guard), nameof(Guard.PollMetered));
    internal static readonly MethodInfo GuardRefuse = Method(typeof(Guard), nameof(Guard.Refuse));
    internal static readonly MethodInfo FunctionEnter = Method(typeof(Function), nameof(Function.Enter));
    internal static readonly MethodInfo FunctionLeave = Method(typeof(Function), nameof(Function.Leave));
    internal static readonly MethodInfo FunctionCheckArgument = Method(typeof(Function), nameof(Function.CheckArgument));
    internal static readonly MethodInfo FunctionTakeArgument = Method(typeof(Function), nameof(Function.TakeArgument));
    internal static readonly MethodInfo FunctionIs = Method(typeof(Function), nameof(Function.Is));
    internal static readonly MethodInfo FunctionCheckStore = Method(typeof(Function), nameof(Function.CheckStore));
    internal static readonly MethodInfo ValueFromReference = Method(typeof(Value), nameof(Value.FromReference));
    internal static readonly MethodInfo FaultToTrap = Method(typeof(HostFault), nameof(HostFault.ToTrap));
    internal static readonly MethodInfo FaultOfHost = Method(typeof(HostFault), nameof(HostFault.Of));
    internal static readonly MethodInfo FaultRethrow = Method(typeof(HostFault), nameof(HostFault.Rethrow));
    internal static readonly MethodInfo ExceptionOf = Method(typeof(GuestException), nameof(GuestException.Of));
    internal static readonly MethodInfo ExceptionKeep = Method(typeof(GuestException), nameof(GuestException.Keep));
    internal static readonly MethodInfo ExceptionIs = Method(typeof(GuestException), nameof(GuestException.Is));
    internal static readonly MethodInfo ExceptionAt = Method(typeof(GuestException), nameof(GuestException.At));
    internal static readonly MethodInfo ValueReference = typeof(Value).GetProperty(nameof(Value.Reference), Any)!.GetMethod!;
    internal static readonly MethodInfo HeapCount = Method(typeof(HeapBudget), nameof(HeapBudget.Count));
    internal static readonly MethodInfo I31Of = Method(typeof(I31), nameof(I31.Of));
    internal static readonly MethodInfo I31Value = typeof(I31).GetProperty(nameof(I31.Value))!.GetMethod!;
    internal static readonly MethodInfo IsPresent = Method(typeof(Casts), nameof(Casts.IsPresent));
    internal static readonly MethodInfo IsNull = Method(typeof(Casts), nameof(Casts.IsNull));
    internal static readonly MethodInfo IsI31 = Method(typeof(Casts), nameof(Casts.IsI31));
    internal static readonly MethodInfo IsEq = Method(typeof(Casts), nameof(Casts.IsEq));
    internal static readonly MethodInfo IsStruct = Method(typeof(Casts), nameof(Casts.IsStruct));
    internal static readonly MethodInfo IsArray = Method(typeof(Casts), nameof(Casts.IsArray));
    internal static readonly MethodInfo IsOfType = Method(typeof(Casts), nameof(Casts.IsOfType));
    internal static readonly MethodInfo IsAnyOfType = Method(typeof(Casts), nameof(Casts.IsAnyOfType));
    internal static readonly MethodInfo IsOfDeepType = Method(typeof(Casts), nameof(Casts.IsOfDeepType));
    internal static readonly MethodInfo IsFunctionOfType = Method(typeof(Casts), nameof(Casts.IsFunctionOfType));
    internal static readonly MethodInfo ReferenceEqual = Method(typeof(I31), nameof(I31.AreSame));
    internal static readonly MethodInfo FunctionAt = Method(typeof(Instance), nameof(Instance.FunctionAt));
    internal static readonly MethodInfo SamplerNote = Method(typeof(Sampler), nameof(Sampler.Note));
    internal static readonly MethodInfo TrapOf = Method(typeof(Trap), nameof(Trap.Of));
    internal static readonly MethodInfo TrapAt = Method(typeof(Trap), nameof(Trap.At));
    internal static readonly MethodInfo Int32BitsToSingle = Method(typeof(BitConverter), nameof(BitConverter.Int32BitsToSingle));
    internal static readonly MethodInfo Int64BitsToDouble = Method(typeof(BitConverter), nameof(BitConverter.Int64BitsToDouble));
    internal static readonly MethodInfo SingleToInt32Bits = Method(typeof(BitConverter), nameof(BitConverter.SingleToInt32Bits));
    internal static readonly MethodInfo DoubleToInt64Bits = Method(typeof(BitConverter), nameof(BitConverter.DoubleToInt64Bits));

    internal static readonly MethodInfo FirstCell =
        typeof(MemoryMarshal).GetMethods().Single(m => m is { Name: nameof(MemoryMarshal.GetArrayDataReference), IsGenericMethod: true })
            .MakeGenericMethod(typeof(long));

    /// <summary>A static method by its name and parameters.</summary>
    internal static MethodInfo Method(Type type, string name, params Type[] parameters) =>
        (parameters.Length == 0 ? type.GetMethod(name, Any) : type.GetMethod(name, Any, parameters))
        ?? throw new MissingMethodException(type.Name, name);

    /// <summary>The only static generic method of that name, for a type.</summary>
    internal static MethodInfo Generic(Type type, string name, Type argument) =>
        Generics.GetOrAdd((type, name, argument), static key =>
            key.Type.GetMethods(Any).Single(method => method.Name == key.Name && method.IsGenericMethodDefinition).MakeGenericMethod(key.Argument));

    /// <summary>A method of <see cref="BitOperations"/> for the unsigned type of the operand's width.</summary>
    internal static MethodInfo Bit(string name, Type operand, bool withCount = false) =>
        withCount ? Method(typeof(BitOperations), name, operand, typeof(int)) : Method(typeof(BitOperations), name, operand);

    static FieldInfo Field<T>(string name) => typeof(T).GetField(name, Any) ?? throw new MissingFieldException(typeof(T).Name, name);
}
