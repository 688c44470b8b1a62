using Allotrope.DataFolder;
using Allotrope.Kernel;

namespace Allotrope.Tests.DataFolder;

public sealed class KeyFolderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    KeyFolder Keys => new(_folder["keys"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_is_found_by_its_name_and_by_its_file()
    {
        using var made = Keys.Create("dev", KeyRole.Account, SystemRandom.Instance);
        using var byName = Keys.Find("dev");
        using var byFile = Keys.Find(_folder["keys/dev.nk"]);
        Assert.Equal(made.PublicKey, byName.PublicKey);
        Assert.Equal(made.PublicKey, byFile.PublicKey);
        Assert.Equal(["dev"], Keys.Names);
    }

    [Fact]
    public void A_name_that_is_taken_keeps_its_key()
    {
        using var first = Keys.Create("user", KeyRole.User, SystemRandom.Instance);
        Assert.IsType<Fault.Conflict>(Assert.Throws<FaultException>(() => Keys.Create("user", KeyRole.User, SystemRandom.Instance)).Fault);
        using var kept = Keys.Read("user");
        Assert.Equal(first.PublicKey, kept.PublicKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("a b")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.IsType<Fault.Invalid>(Assert.Throws<FaultException>(() => Keys.Create(name, KeyRole.User, SystemRandom.Instance)).Fault);

    [Fact]
    public void A_key_that_is_not_there_is_not_found() =>
        Assert.IsType<Fault.NotFound>(Assert.Throws<FaultException>(() => Keys.Read("nobody")).Fault);
}
