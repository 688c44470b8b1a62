using Allotrope.Wasm.Tests.Differential;
using Allotrope.Wasm.Tests.SpecTests;

namespace Allotrope.Wasm.Tests.Fuzz;

/// <summary>Modules to damage: the repository's own, generated ones and, where they are present, those of the official tests.</summary>
static class Corpus
{
    const int MostGenerated = 150;

    public static List<byte[]> Load() => [.. Own(), .. Generated(), .. Official().DistinctBy(Convert.ToBase64String)];

    static IEnumerable<byte[]> Own() =>
        from folder in new[] { "guests", "bench" }
        let path = Path.Combine(OfficialSuite.Repository, folder)
        where Directory.Exists(path)
        from file in Directory.GetFiles(path, "*.wasm", SearchOption.AllDirectories).Order()
        where !file.Contains("node_modules")
        select File.ReadAllBytes(file);

    static IEnumerable<byte[]> Generated() =>
        Enumerable.Range(0, MostGenerated).Select(seed => new ModuleGenerator((ulong)seed, Features.Everything, size: 2).Make().Binary);

    static IEnumerable<byte[]> Official() =>
        from version in new[] { "2.0", "3.0" }
        from script in OfficialSuite.Scripts(version) ?? []
        where !NotYet.Scripts.Contains(script)
        from command in OfficialSuite.Read(script)
        where command.Head == "module" && command.Items.Any(item => item is Node.Word { Value: "binary" })
        select command.Items.OfType<Node.Text>().SelectMany(text => text.Bytes).ToArray();
}
