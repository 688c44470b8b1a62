namespace Allotrope.Contracts.Tests;

public class ImageReferenceTests
{
    static readonly string Hex = new('a', 64);

    [Fact]
    public void A_path_is_still_to_be_resolved() => Assert.Equal(new ImageReference("a/b.wasm", null, false), ImageReference.Parse("a/b.wasm"));

    [Fact]
    public void A_resolved_image_has_path_and_digest()
    {
        var image = ImageReference.Parse($"a@b.wasm@sha256:{Hex}");
        Assert.Equal(("a@b.wasm", $"sha256:{Hex}", true), (image.Path, image.Digest, image.IsResolved));
    }

    [Fact]
    public void A_built_in_provider_needs_no_digest()
    {
        var image = ImageReference.Parse("builtin:keyvalue");
        Assert.Equal(("keyvalue", true, true), (image.Path, image.IsBuiltin, image.IsResolved));
    }

    [Theory]
    [InlineData("a.wasm@sha256:abc")]
    [InlineData("a.wasm@sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("a.wasm@sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_only_looks_like_a_digest_is_a_path(string image) => Assert.Equal(image, ImageReference.Parse(image).Path);

    [Theory]
    [InlineData("a.wasm")]
    [InlineData("builtin:httpserver")]
    [InlineData("a.wasm@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void It_is_written_as_it_was_read(string image) => Assert.Equal(image, ImageReference.Parse(image).ToString());
}
