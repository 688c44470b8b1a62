using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public class FuzzTests
{
    const int Rounds = 1500;

    [Theory]
    [InlineData("yaml")]
    [InlineData("json")]
    public void Damaged_documents_are_read_or_refused_but_never_crash(string form)
    {
        var corpus = Corpus(form);
        var random = new Random(20260);
        for (var round = 0; round < Rounds; round++)
        {
            var document = Damage(corpus[random.Next(corpus.Count)], random);
            try
            {
                var read = BlueprintReader.Read(document, "fuzz." + form);
                Assert.NotEmpty(BlueprintCanonical.Write(read.Blueprint));
            }
            catch (FaultException error)
            {
                Assert.IsType<Fault.Invalid>(error.Fault);
            }
        }
    }

    static List<byte[]> Corpus(string form) => form == "json"
        ? [.. Enumerable.Range(0, 20).Select(seed => BlueprintCanonical.Write(new RandomBlueprint(seed).Make()))]
        : [.. new[] { "Good", "Bad" }.SelectMany(kind => Directory.GetFiles(Path.Combine(Manifest.Folder(), kind), "*.yaml"))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.Insert(at, (byte)"[]{}:,-\"'&*!|>#%@`\n\t ?"[random.Next(22)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.Slice(at, Math.Min(random.Next(1, 40), bytes.Count - at)).ToArray());
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bytes];
    }
}
