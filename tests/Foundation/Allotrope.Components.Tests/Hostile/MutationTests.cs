using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Components.Tests.Hostile;

/// <summary>Components of the official tests with a few bytes changed, left out or doubled.</summary>
public sealed class MutationTests
{
    const int Seed = 20_000;

    public static IEnumerable<TheoryDataRow<string>> Scripts() => SpecTests.ComponentSpecificationTests.Scripts();

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
