using System.Collections.Concurrent;
using System.Reflection;

namespace Allotrope.Wasm;

/// <summary>
/// The methods that go on with suspended functions. Each is made when it is needed first, by what the code was compiled with, in a class of its own: most
/// functions that could be suspended never are.
/// </summary>
sealed class Resumptions(ModuleImage image, CompiledModule code, CompileOptions options)
{
    readonly ConcurrentDictionary<int, nint> _addresses = [];
    readonly Lock _gate = new();
    readonly List<CompiledModule> _made = [];
    SuspendingCalls? _suspending;

    /// <summary>Where the code is that goes on with a function.</summary>
    internal nint AddressOf(int function) => _addresses.TryGetValue(function, out var address) ? address : Make(function);

    nint Make(int function)
    {
        lock (_gate)
        {
            if (_addresses.TryGetValue(function, out var address))
                return address;
            var position = function - image.ImportedFunctions;
            var facts = new FunctionFacts[image.Bodies.Count];
            facts[position] = FactsOf(position);
            _suspending ??= SuspendingCalls.Of(image, options);
            var type = CodeAssembly.DefineClass(ModuleCompiler.ClassName);
            var emission = new ModuleEmission(image, facts, options, new MethodInfo?[facts.Length], type, isWritten: false, code)
            {
                Suspending = _suspending,
                SpareMethods = ModuleCompiler.MostMethods / 2,
            };
            var token = ModuleCompiler.EmitResumption(type, emission, position);
            var made = new CompiledModule(image, type.CreateType(), [], emission.Maps);
            TrapStack.Register(made);
            _made.Add(made);
            address = made.Code.Module.ModuleHandle.GetRuntimeMethodHandleFromMetadataToken(token).GetFunctionPointer();
            _addresses[function] = address;
            return address;
        }
    }

    /// <summary>The function is known to be valid, so all it refers to may be referred to.</summary>
    FunctionFacts FactsOf(int position) => new FunctionValidator(
        image, _declared ??= [.. Enumerable.Range(0, image.Functions.Count)], image.Functions[image.ImportedFunctions + position], image.Bodies[position]).Validate();

    HashSet<int>? _declared;
}
