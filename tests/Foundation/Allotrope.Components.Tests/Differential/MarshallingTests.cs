using System.Linq.Expressions;
using Allotrope.Components.Tests.Assembly;
using Allotrope.Components.Tests.SpecTests;
using Allotrope.Wasm;

namespace Allotrope.Components.Tests.Differential;

/// <summary>
/// Generated code and the slow way by reflection do the same: functions of random types are called through a guest, each way in and each way out, and the
/// host must be given what the guest was, and the other way.
/// </summary>
public sealed class MarshallingTests(ITestOutputHelper output)
{
    const int Functions = 12;

    public static TheoryData<int, int> Guests()
    {
        var data = new TheoryData<int, int>();
        foreach (var encoding in Enum.GetValues<StringEncoding>())
            data.Add((int)encoding, 32);
        data.Add((int)StringEncoding.Utf8, 64);
        data.Add((int)StringEncoding.Latin1OrUtf16, 64);
        return data;
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void Generated_code_does_what_the_slow_way_does(int encoding, int addressBits) => Run(encoding, addressBits, 2, 20261121);

    [Theory(Explicit = true)]
    [MemberData(nameof(Guests))]
    public void Generated_code_does_what_the_slow_way_does_for_long(int encoding, int addressBits) => Run(encoding, addressBits, 200, Environment.TickCount);

    void Run(int encoding, int addressBits, int rounds, int seed)
    {
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(seed + round);
            var functions = Enumerable.Range(0, Functions).Select(i => new RandomFunction($"f{i}", random)).ToArray();
            var guest = new EchoComponent { Encoding = (StringEncoding)encoding, IsWide = addressBits == 64 };
            var component = Component.Compile(guest.Build([.. functions.Select(each => (each.Name, each.Type))]));
            foreach (var generatesImports in new[] { true, false })
            {
                var linker = new ComponentLinker<int> { Generates = generatesImports };
                foreach (var function in functions)
                    linker.Instance("test:host/api@0.2.0").Function(function.Name, function.Body);
                using var store = new Store(new StoreLimits { MemoryPages = 64 });
                using var instance = linker.Instantiate(store, component, 0);
                foreach (var function in functions)
                {
                    output.WriteLine($"seed {seed + round}: {function.Type}");
                    function.Check(instance, random, generatesExports: true);
                    if (generatesImports)
                        function.Check(instance, random, generatesExports: false);
                }
            }
        }
    }
}

/// <summary>A function of random types, with a host's that notes what it is given and gives what it is told to.</summary>
sealed class RandomFunction
{
    readonly RandomShape[] _parameters;
    readonly RandomShape? _result;
    object?[]? _given;
    object? _giving;

    public RandomFunction(string name, Random random)
    {
        Name = name;
        _parameters = [.. Enumerable.Range(0, random.Next(7)).Select(_ => RandomShape.Next(random, 3))];
        _result = random.Next(5) == 0 ? null : RandomShape.Next(random, 3);
        Type = new([.. _parameters.Select((each, i) => new Parameter($"p{i}", each.Wit))], _result?.Wit, isAsync: false);
        var parameters = _parameters.Select(each => Expression.Parameter(each.Host)).ToArray();
        Expression body = Expression.Call(
            Expression.Constant(this), GetType().GetMethod(nameof(Take))!,
            Expression.NewArrayInit(typeof(object), parameters.Select(each => Expression.Convert(each, typeof(object)))));
        body = _result is null ? Expression.Block(typeof(void), body) : Expression.Convert(body, _result.Host);
        Body = Expression.Lambda(body, parameters).Compile();
        // What is compiled takes a closure first: the same as a delegate of its own type.
        DelegateType = Body.GetType();
    }

    public string Name { get; }

    public ComponentFunctionType Type { get; }

    public Delegate Body { get; }

    Type DelegateType { get; }

    public object? Take(object?[] given)
    {
        _given = given;
        return _giving;
    }

    public void Check(ComponentInstance instance, Random random, bool generatesExports)
    {
        var signature = Signature.Bind(Type, DelegateType, null, _ => null);
        object?[] arguments = [.. _parameters.Select(each => each.Value(random))];
        _giving = _result?.Value(random);
        _given = null;
        var got = generatesExports ? Generated(instance, arguments) : Slow(instance, signature, arguments);
        Assert.NotNull(_given);
        for (var i = 0; i < arguments.Length; i++)
            AssertSame(signature.Parameters[i], arguments[i], _given[i]);
        if (signature.Result is { } result)
            AssertSame(result, _giving, got);
    }

    object? Generated(ComponentInstance instance, object?[] arguments) =>
        ((Delegate)typeof(ComponentInstance).GetMethod(nameof(ComponentInstance.GetFunction))!.MakeGenericMethod(DelegateType).Invoke(instance, [Name])!)
        .DynamicInvoke(arguments);

    object? Slow(ComponentInstance instance, Signature signature, object?[] arguments)
    {
        var result = instance.Invoke(Name, [.. arguments.Select((each, i) => signature.Parameters[i].FromHost(each))]);
        return signature.Result?.ToHost(Guests(result));
    }

    /// <summary>Strings as the slow way has them on their way.</summary>
    static object? Guests(object? value) => value switch
    {
        string text => GuestString.Of(text),
        object?[] items => Array.ConvertAll(items, Guests),
        VariantValue variant => variant with { Value = Guests(variant.Value) },
        _ => value,
    };

    static void AssertSame(Shape shape, object? one, object? other) =>
        Assert.True(ComponentConstant.AreEqual(shape.FromHost(one), shape.FromHost(other)), $"{shape.Wit}: {one} became {other}");
}
