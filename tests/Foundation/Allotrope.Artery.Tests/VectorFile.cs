using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Allotrope.Artery.Tests;

/// <summary>A file of vectors beside the tests: compared with what is made now, or written anew when the environment says so.</summary>
static class VectorFile
{
    static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Check(string name, JsonNode vectors, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "vectors", name);
        var text = vectors.ToJsonString(Form) + "\n";
        if (Environment.GetEnvironmentVariable("ARTERY_VECTORS") == "write")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
