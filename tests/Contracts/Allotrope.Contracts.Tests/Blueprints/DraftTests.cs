using System.Security.Cryptography;
using Allotrope.Kernel;

namespace Allotrope.Contracts.Tests;

public sealed class DraftTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("draft").FullName;

    [Fact]
    public async Task A_folder_becomes_a_blueprint_with_its_images_digested()
    {
        Write("code/a.wasm", "wasm");
        Write("app.yaml", App("code/a.wasm"));
        var draft = await BlueprintDraft.LoadAsync(_folder);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData("wasm"u8))}";
        Assert.Equal(new ImageFile(Path.Combine(_folder, "code/a.wasm"), digest, 4), Assert.Single(draft.Images));
        Assert.Equal($"code/a.wasm@{digest}", draft.Blueprint.Components[0].Image);
        Assert.Equal(Model.Text(draft.Blueprint), Model.Text(BlueprintCanonical.Read(draft.Canonical.Span)));
    }

    [Fact]
    public async Task A_file_may_have_any_name_and_image_its_digest_already()
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData("wasm"u8))}";
        Write("a.wasm", "wasm");
        Write("other.yml", App($"a.wasm@{digest}"));
        Assert.Equal(digest, Assert.Single((await BlueprintDraft.LoadAsync(Path.Combine(_folder, "other.yml"))).Images).Digest);
    }

    [Fact]
    public async Task An_image_with_another_digest_is_refused()
    {
        Write("a.wasm", "wasm");
        Write("app.yaml", App($"a.wasm@sha256:{new string('0', 64)}"));
        Assert.Contains("the file has sha256:", (await Refused<Fault.Invalid>(_folder)).Message);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_told_with_its_place()
    {
        Write("app.yaml", App("missing.wasm"));
        var file = Path.Combine(_folder, "app.yaml");
        Assert.Equal($"image 'missing.wasm' at {file}:8:27; there is no file {Path.Combine(_folder, "missing.wasm")}; "
            + "build it first (images from registries are not supported yet)", (await Refused<Fault.Invalid>(_folder)).Message);
    }

    [Fact]
    public async Task A_folder_without_blueprint_is_not_found() =>
        Assert.Contains("give a blueprint file or a folder with an app.yaml", (await Refused<Fault.NotFound>(_folder)).Message);

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read()
    {
        Write("app.yaml", new string('#', DocumentLimits.Bytes + 1));
        Assert.Contains($"at most {DocumentLimits.Bytes}", (await Refused<Fault.Invalid>(_folder)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllText(Path.Combine(_folder, name), text);
    }

    static string App(string image) =>
        $$$"""
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: a}
        spec:
          components:
            - name: b
              type: actor
              properties: {image: {{{image}}} }
        """;

    static async Task<Fault> Refused<T>(string path) where T : Fault =>
        Assert.IsType<T>((await Assert.ThrowsAsync<FaultException>(() => BlueprintDraft.LoadAsync(path))).Fault);
}
