using System.Linq.Expressions;
using System.Text;
using Allotrope.Wasm;

namespace Allotrope.Bench.Engine;

/// <summary>A program's instance. Imports that its host does not have give zero: none of the others is needed for what runs here.</summary>
sealed class Guest
{
    readonly Instance _instance;

    public Guest(Store store, Module module, Linker linker, IReadOnlyCollection<string> known, string? memory = null)
    {
        foreach (var import in module.Imports)
        {
            if (import.Type is ExternType.Func { Type: var type } && !known.Contains(import.Name))
                linker.Define(import.Module, import.Name, Zero(type));
        }

        _instance = linker.Instantiate(store, module);
        Memory = memory is null ? null! : _instance.GetMemory(memory);
    }

    /// <summary>The memory it exports, or its host made for it.</summary>
    public Memory Memory { get; init; }

    /// <summary>An exported function.</summary>
    public TDelegate Export<TDelegate>(string name)
        where TDelegate : Delegate => _instance.GetFunction<TDelegate>(name);

    public int Int(int address) => Memory.Read<int>((uint)address);

    public void SetInt(int address, int value) => Memory.Write((uint)address, value);

    /// <summary>Puts text, with a zero behind it, where the program's own <c>malloc</c> says.</summary>
    public int Text(string text, Func<int, int> malloc)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var address = malloc(bytes.Length);
        bytes.CopyTo(Memory.Slice((uint)address, bytes.Length));
        return address;
    }

    /// <summary>What Emscripten's programs call when <c>malloc</c> needs a larger memory.</summary>
    public static int Resize(Memory memory, int bytes) =>
        memory.TryGrow(((uint)bytes - memory.ByteLength + Memory.PageBytes - 1) / Memory.PageBytes) ? 1 : 0;

    static Delegate Zero(FunctionType type)
    {
        var parameters = type.Parameters.Select(parameter => Expression.Parameter(NetType(parameter.Kind)));
        var result = type.Results is [var only] ? NetType(only.Kind) : typeof(void);
        return Expression.Lambda(Expression.Default(result), parameters).Compile(preferInterpretation: true);
    }

    static Type NetType(ValueKind kind) => kind switch
    {
        ValueKind.I32 => typeof(int),
        ValueKind.I64 => typeof(long),
        ValueKind.F32 => typeof(float),
        _ => typeof(double),
    };
}
