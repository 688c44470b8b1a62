using Allotrope.Components.Tests.SpecTests;
using Allotrope.Wasm;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.Hostile;

/// <summary>
/// Random programs for the components of an official script that read, write, cancel, drop and call one another as they are told: whatever the order, each
/// ends, well or in a trap.
/// </summary>
public sealed class InterleavingTests
{
    const string Script = "component-model/async/big-interleaving-test";
    const int Programs = 1_000;

    [Fact]
    public void Whatever_is_done_in_whatever_order_ends_or_traps()
    {
        Assert.SkipUnless(OfficialSuite.Scripts("component-model/async") is { } scripts && scripts.Contains(Script), "the official tests are not here");
        var definition = OfficialSuite.Read(Script).First(command => command.Head == "component");
        var component = Component.Compile([.. definition.Items.OfType<Node.Text>().SelectMany(text => text.Bytes)]);
        var commands = (VariantType)((ListType)((ComponentExternType.Func)component.Type.Exports["run"]).Type.Parameters[0].Type).Element;
        // Each is one that went well, with a command more: so they come far.
        var (random, trapped) = (new Random(1), 0);
        var well = new List<object?[]> { Array.Empty<object?>() };
        for (var count = 0; count < Programs; count++)
        {
            var before = well[Math.Max(random.Next(well.Count), random.Next(well.Count))];
            object?[] program = [.. before, Command(commands, random)];
            using var store = new Store();
            using var instance = ComponentInstance.Create(store, component);
            try
            {
                instance.Invoke("run", [program]);
                well.Add(program);
            }
            catch (Exception e) when (e is ComponentTrap or Trap)
            {
                trapped++;
            }
        }

        var longest = well.Max(program => program.Length);
        Assert.True(longest >= 8 && trapped > Programs / 20, $"the longest program that went well has {longest} commands, {trapped} trapped: it is the same over and over");
    }

    /// <summary>What only waits or compares would end most programs.</summary>
    static VariantValue Command(VariantType type, Random random)
    {
        var which = random.Next(type.Cases.Length);
        while (type.Cases[which].Label is "noop" or "expect-code" || (type.Cases[which].Label.Contains("await") && random.Next(20) != 0))
            which = random.Next(type.Cases.Length);
        return new(which, type.Cases[which].Type is { } content ? Value(content, random) : null);
    }

    static object? Value(WitType type, Random random) => type switch
    {
        VariantType { Form: VariantForm.Enum } cases => new VariantValue(random.Next(cases.Cases.Length)),
        RecordType record => record.Types.Select(each => Value(each, random)).ToArray(),
        PrimitiveType { Kind: PrimitiveKind.U8 } => (byte)random.Next(2), // few places, so that commands meet
        PrimitiveType { Kind: PrimitiveKind.U32 } => (uint)random.Next(9),
        _ => throw new NotSupportedException($"the script has a {type} now"),
    };
}
