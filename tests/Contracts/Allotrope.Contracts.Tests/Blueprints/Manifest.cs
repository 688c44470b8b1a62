using System.Runtime.CompilerServices;
using System.Text;

namespace Allotrope.Contracts.Tests;

/// <summary>The manifests next to the tests, and the golden files beside them; <c>UPDATE_GOLDEN=1</c> writes the latter anew.</summary>
static class Manifest
{
    public static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Manifests");

    public static TheoryData<string> Names(string kind) =>
        [.. Directory.GetFiles(Path.Combine(Folder(), kind), "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(string kind, string name) => File.ReadAllBytes(Path.Combine(Folder(), kind, name + ".yaml"));

    public static ReadBlueprint Read(string name) => BlueprintReader.Read(Bytes("Good", name), name + ".yaml");

    public static void Matches(string kind, string file, string actual)
    {
        var path = Path.Combine(Folder(), kind, file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    public static ReadBlueprint ReadText(string yaml) => BlueprintReader.Read(Encoding.UTF8.GetBytes(yaml), "app.yaml");
}
