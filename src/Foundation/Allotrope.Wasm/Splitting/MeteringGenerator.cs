using System.Diagnostics.SymbolStore;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>Takes IL and only measures it: a function is compiled into this first where it may be larger than what RyuJIT optimises.</summary>
sealed class MeteringGenerator : ILGenerator
{
    int _bytes;
    int _instructions;
    int _blocks = 1;
    int _references;
    int _locals;
    int _labels;
    bool _isBlockStart;

    /// <summary>What has been emitted so far.</summary>
    internal MethodSize Size => new(_bytes, _instructions, _blocks, _references, _locals);

    public override int ILOffset => _bytes;

    public override void Emit(OpCode opcode) => Count(opcode, 0);

    public override void Emit(OpCode opcode, byte arg) => Count(opcode, sizeof(byte));

    public override void Emit(OpCode opcode, double arg) => Count(opcode, sizeof(double));

    public override void Emit(OpCode opcode, short arg) => Count(opcode, sizeof(short));

    public override void Emit(OpCode opcode, int arg) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, long arg) => Count(opcode, sizeof(long));

    public override void Emit(OpCode opcode, ConstructorInfo con) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, FieldInfo field) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, MethodInfo meth) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, SignatureHelper signature) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, float arg) => Count(opcode, sizeof(float));

    public override void Emit(OpCode opcode, string str) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, Type cls) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, Label label) => Count(opcode, sizeof(int));

    public override void Emit(OpCode opcode, Label[] labels) => Count(opcode, sizeof(int) * (labels.Length + 1));

    /// <summary>As <see cref="ILGenerator"/> does it: in the shortest form.</summary>
    public override void Emit(OpCode opcode, LocalBuilder local)
    {
        var isAddress = opcode.Value == OpCodes.Ldloca.Value;
        Count(opcode, local.LocalIndex switch { <= 3 when !isAddress => -1, <= byte.MaxValue => 0, _ => sizeof(short) });
    }

    public override void EmitCall(OpCode opcode, MethodInfo methodInfo, Type[]? optionalParameterTypes) => Count(opcode, sizeof(int));

    public override void EmitCalli(OpCode opcode, CallingConventions callingConvention, Type? returnType, Type[]? parameterTypes, Type[]? optional) =>
        Count(opcode, sizeof(int));

    public override void EmitCalli(OpCode opcode, CallingConvention unmanagedCallConv, Type? returnType, Type[]? parameterTypes) =>
        Count(opcode, sizeof(int));

    public override LocalBuilder DeclareLocal(Type localType, bool pinned) => new Local(_locals++, localType, pinned);

    public override Label DefineLabel() => CreateLabel(_labels++);

    public override void MarkLabel(Label loc) => _isBlockStart = true;

    public override Label BeginExceptionBlock()
    {
        _isBlockStart = true;
        return DefineLabel();
    }

    public override void BeginCatchBlock(Type? exceptionType) => Count(OpCodes.Leave, sizeof(int));

    public override void BeginExceptFilterBlock() => Count(OpCodes.Leave, sizeof(int));

    public override void BeginFaultBlock() => throw new NotSupportedException("no function has a fault block");

    public override void BeginFinallyBlock() => throw new NotSupportedException("no function has a finally block");

    public override void EndExceptionBlock() => Count(OpCodes.Leave, sizeof(int));

    public override void BeginScope()
    {
    }

    public override void EndScope()
    {
    }

    public override void UsingNamespace(string usingNamespace)
    {
    }

    protected override void MarkSequencePointCore(
        ISymbolDocumentWriter document, int startLine, int startColumn, int endLine, int endColumn)
    {
    }

    void Count(OpCode opcode, int operand)
    {
        if (_isBlockStart)
            _blocks++;
        _isBlockStart = opcode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw;
        _instructions++;
        _bytes += opcode.Size + operand;
        if (IsReference(opcode))
            _references++;
    }

    /// <summary>ldarg, ldloc, stloc, starg and the loads of their addresses, in all forms.</summary>
    static bool IsReference(OpCode opcode) => (ushort)opcode.Value is (>= 0x02 and <= 0x13) or (>= 0xFE09 and <= 0xFE0E);

    sealed class Local(int index, Type type, bool isPinned) : LocalBuilder
    {
        public override int LocalIndex => index;

        public override Type LocalType => type;

        public override bool IsPinned => isPinned;

        protected override void SetLocalSymInfoCore(string name)
        {
        }
    }
}
