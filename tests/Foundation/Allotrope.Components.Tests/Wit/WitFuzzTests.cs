using Allotrope.Components.Wit;

namespace Allotrope.Components.Tests.Wit;

public class WitFuzzTests
{
    static readonly string[] Words =
    [
        "package", "a:b", ";", "interface", "world", "{", "}", "(", ")", "<", ">", ",", ":", "=", "->", "@", ".", "/", "*", "_", "%", "\"", "//", "/*", "*/", "///", "\n",
        "use", "include", "with", "as", "import", "export", "func", "async", "static", "resource", "constructor", "record", "variant", "enum", "flags", "type",
        "list", "option", "result", "tuple", "map", "stream", "future", "own", "borrow", "u8", "string", "x", "types", "1.0.0", "since", "unstable", "version", "\u202E", "\0", "9",
    ];

    [Theory]
    [InlineData(1, 3_000)]
    [InlineData(2, 3_000)]
    public void A_changed_file_is_read_or_refused_in_one_sentence(int seed, int rounds) => Fuzz(seed, rounds);

    [Fact(Explicit = true)]
    public void Many_changed_files_are_read_or_refused_in_one_sentence() => Fuzz(3, 1_000_000);

    static void Fuzz(int seed, int rounds)
    {
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
        {
            var text = WitTextTests.Everything;
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                var length = Math.Min(random.Next(12), text.Length - at);
                text = random.Next(3) switch
                {
                    0 => text.Remove(at, length),
                    1 => text.Insert(at, Words[random.Next(Words.Length)] + (random.Next(2) == 0 ? " " : "")),
                    _ => text.Insert(at, text.Substring(random.Next(text.Length - length), length)),
                };
            }

            try
            {
                var resolution = WitTextTests.Resolve(text);
                foreach (var package in resolution.Packages)
                    _ = WitPrinter.Print(package);
            }
            catch (WitException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                Assert.True(e.Position.Line > 0, e.Message);
            }
        }
    }
}
