using Allotrope.Components.Tests.SpecTests;
using Allotrope.Wasm;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.Hostile;

/// <summary>Components of the official tests with a few bytes changed, left out or doubled.</summary>
public sealed class MutationTests
{
    const int Seed = 20_000;

    public static IEnumerable<TheoryDataRow<string>> Scripts() => ComponentSpecificationTests.Scripts().Concat(AsynchronousScripts());

    public static IEnumerable<TheoryDataRow<string>> AsynchronousScripts() => ComponentSpecificationTests.AsynchronousScripts();

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_damaged_component_is_refused_in_one_sentence_or_valid(string script)
    {
        var random = new Random(Seed);
        foreach (var binary in Binaries(script).Take(20))
            for (var round = 0; round < 20; round++)
            {
                var mutant = Mutate(binary, random);
                try
                {
                    Component.Compile(mutant);
                }
                catch (InvalidComponentException refusal)
                {
                    Assert.InRange(refusal.ByteOffset, 0, mutant.Length);
                    Assert.DoesNotContain('\n', refusal.Message);
                }
            }
    }

    [Theory]
    [MemberData(nameof(AsynchronousScripts))]
    public void A_damaged_component_that_is_valid_ends_or_traps(string script)
    {
        var random = new Random(Seed);
        var options = new ComponentOptions { Modules = CompileOptions.Default with { Fuel = true } };
        foreach (var binary in Binaries(script))
            for (var round = 0; round < 20; round++)
                try
                {
                    using var store = new Store(new StoreLimits { MemoryPages = 64, TableElements = 100_000 }) { Fuel = 100_000 };
                    using var instance = ComponentInstance.Create(store, Component.Compile(Mutate(binary, random), options));
                    foreach (var (name, type) in instance.Exports)
                        if (type is ComponentExternType.Func { Type.Parameters.IsEmpty: true })
                            Run(instance, name);
                }
                catch (Exception e) when (e is InvalidComponentException or LinkException or ComponentTrap or Trap)
                {
                    // Refused, or trapped while it was made.
                }
    }

    static void Run(ComponentInstance instance, string name)
    {
        try
        {
            instance.Invoke(name);
        }
        catch (Exception e) when (e is ComponentTrap or Trap)
        {
            // The next function is tried all the same: who was in the call is locked.
        }
    }

    static IEnumerable<byte[]> Binaries(string script) =>
        from command in OfficialSuite.Read(script)
        from component in new[] { command }.Concat(command.Items.OfType<Node.Sequence>())
        where component.Items.Any(item => item is Node.Word { Value: "binary" })
        select component.Items.OfType<Node.Text>().SelectMany(text => text.Bytes).ToArray();

    static byte[] Mutate(byte[] binary, Random random)
    {
        var bytes = binary.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 8; changes--)
        {
            var at = random.Next(8, bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveAt(at); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 9), bytes.Count - at))); break;
            }
        }
        return [.. bytes];
    }
}
