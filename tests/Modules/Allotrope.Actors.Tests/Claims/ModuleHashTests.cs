using System.Security.Cryptography;
using Allotrope.Kernel;

namespace Allotrope.Actors.Tests;

public class ModuleHashTests
{
    [Fact]
    public void It_is_the_sha256_of_a_module_in_shortest_form()
    {
        var wasm = Modules.Of(Modules.TypeSection());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(wasm)), ModuleHash.Of(wasm));
    }

    [Fact]
    public void Padding_of_a_length_does_not_change_it() =>
        Assert.Equal(ModuleHash.Of(Modules.Of(Modules.TypeSection())), ModuleHash.Of(Modules.Of(Modules.TypeSection(padded: true))));

    [Theory]
    [InlineData("jwt", true)]
    [InlineData("wasmcloud_jwt", true)]
    [InlineData("name", false)]
    [InlineData("jwt2", false)]
    public void Only_the_tokens_own_section_is_left_out(string name, bool leftOut)
    {
        var without = ModuleHash.Of(Modules.Of(Modules.TypeSection()));
        var with = ModuleHash.Of(Modules.Of(Modules.Custom(name, "x"), Modules.TypeSection()));
        Assert.Equal(leftOut, with == without);
    }

    [Theory]
    [InlineData("", "does not begin with")]
    [InlineData("0061736d", "does not begin with")]
    [InlineData("0061736d0d000100", "component")]
    [InlineData("0061736d0100000001", "cut off")]
    [InlineData("0061736d010000000105", "claims 5 bytes where 0 are left")]
    [InlineData("0061736d0100000001ffffffff7f", "claims")]
    [InlineData("0061736d0100000001808080808001", "longer than five bytes")]
    [InlineData("0061736d01000000000105", "claims 5 bytes where 0 are left")]
    [InlineData("0061736d010000000000", "cut off")]
    public void What_is_no_module_is_refused_with_the_byte(string hex, string reason)
    {
        var fault = Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => ModuleHash.Of(Convert.FromHexString(hex))).Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("byte ", fault.Where, StringComparison.Ordinal);
    }
}
